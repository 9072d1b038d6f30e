namespace YandexMarket.Chats.Tests.Conventions;

/// <summary>
/// The names that consumers have written down. Each is pinned where the compiler sees it: a property or an operation that is renamed in
/// the contract breaks this build before it breaks theirs.
/// </summary>
[Parallelizable(ParallelScope.Self)]
public sealed class NameTests
{
    private static readonly (Type Type, string[] Members)[] _surface =
    [
        (typeof(IChatsClient), [nameof(IChatsClient.GetChatMessageAsync), nameof(IChatsClient.SendMessageToChatAsync)]),
        (typeof(ChatsClient), [nameof(ChatsClient.GetChatMessageAsync), nameof(ChatsClient.SendMessageToChatAsync), nameof(ChatsClient.Dispose)]),
        (typeof(ChatsClientOptions),
            [nameof(ChatsClientOptions.ApiKey), nameof(ChatsClientOptions.ApiKeyProvider), nameof(ChatsClientOptions.BaseAddress),
             nameof(ChatsClientOptions.GrantedScopes), nameof(ChatsClientOptions.Timeout), nameof(ChatsClientOptions.MaxResponseBytes),
             nameof(ChatsClientOptions.Integration), nameof(ChatsClientOptions.AllowInsecureHttp),
             nameof(ChatsClientOptions.ReuseConnectionsForSends), nameof(ChatsClientOptions.ResponseReceived), nameof(ChatsClientOptions.TimeProvider)]),
        (typeof(ChatsScopes), [nameof(ChatsScopes.Communication), nameof(ChatsScopes.AllMethods), nameof(ChatsScopes.AllMethodsReadOnly)]),
        (typeof(ChatsOperation),
            [nameof(ChatsOperation.Id), nameof(ChatsOperation.Method), nameof(ChatsOperation.Path), nameof(ChatsOperation.RequiredScopes),
             nameof(ChatsOperation.IsRead), nameof(ChatsOperation.QuotaPerHour), nameof(ChatsOperation.TryGet), nameof(ChatsOperation.ToString)]),
        (typeof(ChatsOperations), [nameof(ChatsOperations.GetChatMessage), nameof(ChatsOperations.SendMessageToChat), nameof(ChatsOperations.All)]),
        (typeof(RequiredScopesAttribute), [nameof(RequiredScopesAttribute.Scopes)]),
        (typeof(ChatMessage),
            [nameof(ChatMessage.MessageId), nameof(ChatMessage.CreatedAt), nameof(ChatMessage.Sender),
             nameof(ChatMessage.Message), nameof(ChatMessage.Payload)]),
        (typeof(ChatMessagePayload), [nameof(ChatMessagePayload.Name), nameof(ChatMessagePayload.Url), nameof(ChatMessagePayload.Size)]),
        (typeof(ChatMessageSender),
            [nameof(ChatMessageSender.Unknown), nameof(ChatMessageSender.Partner), nameof(ChatMessageSender.Customer),
             nameof(ChatMessageSender.Market), nameof(ChatMessageSender.Support)]),
        (typeof(ApiError), [nameof(ApiError.Code), nameof(ApiError.Message)]),
        (typeof(ChatsException), [nameof(ChatsException.Operation), nameof(ChatsException.MayHaveBeenSent), nameof(ChatsException.IsTransient),
             nameof(ChatsException.RetryAfter)]),
        (typeof(ChatsApiException),
            [nameof(ChatsApiException.StatusCode), nameof(ChatsApiException.Errors), nameof(ChatsApiException.TraceParent),
             nameof(ChatsApiException.RateLimit)]),
        (typeof(ChatsRateLimitException), [nameof(ChatsRateLimitException.Limit)]),
        (typeof(ChatsLimitKind), [nameof(ChatsLimitKind.Unknown), nameof(ChatsLimitKind.Parallel), nameof(ChatsLimitKind.Hourly)]),
        (typeof(ChatsApiKeyException), []),
        (typeof(ChatsCanceledException), [nameof(ChatsCanceledException.Operation), nameof(ChatsCanceledException.MayHaveBeenSent)]),
        (typeof(ChatsResponseInfo),
            [nameof(ChatsResponseInfo.Operation), nameof(ChatsResponseInfo.StatusCode), nameof(ChatsResponseInfo.TraceParent),
             nameof(ChatsResponseInfo.RateLimit)]),
        (typeof(ChatsScopeException), []),
        (typeof(ChatsConnectionException), [nameof(ChatsConnectionException.IsTimeout)]),
        (typeof(ChatsResponseException), [nameof(ChatsResponseException.StatusCode)]),
        (typeof(ChatsRateLimit), [nameof(ChatsRateLimit.Limit), nameof(ChatsRateLimit.Remaining), nameof(ChatsRateLimit.ResetsAt)]),
    ];

    [Test]
    public void The_public_types_are_these() => Assert.That(ClientAssembly.PublicTypes, Is.EquivalentTo(_surface.Select(it => it.Type)));

    [TestCaseSource(nameof(_surface))]
    public void The_members_of_a_public_type_are_these((Type Type, string[] Members) expected) =>
        Assert.That(
            ClientAssembly.MembersOf(expected.Type).Where(member => member is not System.Reflection.ConstructorInfo).Select(member => member.Name),
            Is.EquivalentTo(expected.Members));

    [Test]
    public async Task Arguments_can_be_named()
    {
        using var client = Support.Clients.Over(new Support.AnswerHandler());
        Func<IChatsClient, Task> send = chats =>
            chats.SendMessageToChatAsync(businessId: 1, chatId: 2, message: "text", cancellationToken: default);
        Func<IChatsClient, Task<ChatMessage>> read = chats =>
            chats.GetChatMessageAsync(businessId: 1, chatId: 2, messageId: 3, cancellationToken: default);

        await send(client);
        var message = await read(client);
        (long MessageId, DateTimeOffset CreatedAt, ChatMessageSender Sender, string? Message, IReadOnlyList<ChatMessagePayload>? Payload) parts =
            (message.MessageId, message.CreatedAt, message.Sender, message.Message, message.Payload);

        Assert.That(
            (parts.MessageId, parts.CreatedAt, parts.Sender),
            Is.EqualTo((1L, new DateTimeOffset(2025, 1, 16, 10, 9, 49, TimeSpan.Zero), ChatMessageSender.Partner)));
        Assert.That((parts.Message, (object?)parts.Payload), Is.EqualTo(((string?)null, (object?)null)));
        using var positional = new ChatsClient(options: new ChatsClientOptions { ApiKey = "key" });
        using var http = new HttpClient();
        using var borrowing = new ChatsClient(httpClient: http, options: new ChatsClientOptions { ApiKey = "key" });
    }

    [Test]
    public void Numbers_of_enum_members_stay() =>
        Assert.That(Enum.GetValues<ChatMessageSender>().Select(sender => (int)sender), Is.EqualTo([0, 1, 2, 3, 4]));
}
