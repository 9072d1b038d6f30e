namespace YandexMarket.Chats.Tests.Calling;

/// <summary>What a key may look like, where it comes from, and what its scopes allow. A bad one is never quoted: not even its beginning.</summary>
public sealed class ApiKeyTests : IDisposable
{
    private readonly StubHandler _handler = new();

    public void Dispose() => _handler.Dispose();

    private static IEnumerable<TestCaseData> BadKeys =>
    [
        Bad("", "empty"),
        Bad("SECRET\n", "line break"),
        Bad("SECRET\r\n", "line break"),
        Bad("SEC\nApi-Key: RET", "line break"),
        Bad(" SECRET", "space or a tab"),
        Bad("SECRET\t", "space or a tab"),
        Bad("SEC RET", "space or a tab"),
        Bad("SECRET\u00A0", "space or a tab"),
        Bad("Bearer SECRET", "Bearer"),
        Bad("bearer SECRET", "Bearer"),
        Bad("SECRET\0", "control character"),
        Bad("SECRET\u0007", "control character"),
        Bad("SECRET\u007F", "control character"),
        Bad("SECRЕT", "non-ASCII"),
        Bad("SECRET\u200B", "non-ASCII"),
        Bad("SECRET\uD83D", "non-ASCII"),
    ];

    [TestCaseSource(nameof(BadKeys))]
    [TestCase(null, "empty")]
    public async Task A_malformed_key_is_rejected_before_anything_is_sent_and_the_message_says_why(string? key, string fault)
    {
        using var client = WithProvider(_ => new(key!));
        var ofOptions = key is null ? null : Assert.Throws<ArgumentException>(() => new ChatsClient(new ChatsClientOptions { ApiKey = key }));

        var ofProvider = await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.CallAsync(read: false));

        Assert.That($"{ofOptions}", key is null ? Is.Empty : Does.Contain("ApiKey").And.Contain(fault).And.Not.Contain("SEC").And.Not.Contain("RET"));
        Assert.That($"{ofProvider}", Does.Contain("ApiKeyProvider").And.Contain(fault).And.Not.Contain("SEC").And.Not.Contain("RET"));
        Assert.That((ofProvider!.IsTransient, _handler.Calls), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task Every_visible_ASCII_character_is_sent_unchanged_in_one_header()
    {
        var key = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code));
        await using var server = RawServer.Responding(RawServer.Json(Responses.Sent));
        using var client = Clients.At(server.Address, options => options.ApiKey = key);

        await client.CallAsync(read: false);

        Assert.That(server.Record.Heads.Single().Split("\r\n").Where(line => line.Contains(key)), Is.EqualTo([$"Api-Key: {key}"]));
    }

    // Also an exception that looks like the network's or like a cancellation.
    [Test]
    public async Task What_a_provider_throws_is_the_inner_exception(
        [Values(typeof(UnauthorizedAccessException), typeof(HttpRequestException), typeof(IOException), typeof(OperationCanceledException))] Type type,
        [Values("before it returns a task", "at once", "later")] string when)
    {
        var fault = (Exception)Activator.CreateInstance(type)!;
        using var client = WithProvider(when == "before it returns a task" ? _ => throw fault : async _ =>
        {
            await (when == "later" ? Task.Delay(1, CancellationToken.None) : Task.CompletedTask);
            throw fault;
        });

        var exception = await Assert.ThrowsAsync<ChatsApiKeyException>(() => client.CallAsync(read: false));

        Assert.That(
            (exception!.InnerException, exception.MayHaveBeenSent, exception.IsTransient, _handler.Calls), Is.EqualTo((fault, false, true, 0)));
    }

    [TestCase(ChatsScopes.Communication, true, true)]
    [TestCase(ChatsScopes.AllMethods, true, true)]
    [TestCase(ChatsScopes.AllMethodsReadOnly, true, false)]
    [TestCase("pricing", false, false)]
    [TestCase("COMMUNICATION", false, false)]
    [TestCase("", false, false)]
    [TestCase("pricing communication", false, false)]
    [TestCase("pricing,all-methods", true, true)]
    public async Task Granted_scopes_are_checked_before_the_key_is_requested_and_before_any_request(string scopes, bool mayRead, bool maySend)
    {
        var keysAsked = 0;
        var granted = scopes.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList();
        using var client = Clients.Over(_handler, options =>
        {
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => new($"key-{++keysAsked}"));
            options.GrantedScopes = granted;
        });
        // Scopes are copied when the client is made.
        granted.Add(ChatsScopes.Communication);

        foreach (var (operation, isAllowed) in new[] { (ChatsOperations.GetChatMessage, mayRead), (ChatsOperations.SendMessageToChat, maySend) })
        {
            var before = _handler.Calls;
            var thrown = await Clients.FailureOfAsync(() => client.CallAsync(operation.IsRead));

            Assert.That(thrown, isAllowed ? Is.Null : Is.TypeOf<ChatsScopeException>());
            Assert.That((_handler.Calls - before, keysAsked), Is.EqualTo((isAllowed ? 1 : 0, _handler.Calls)));
            Assert.That(
                _handler.Requests.Select(request => request.Headers["Api-Key"]), Is.EqualTo(Enumerable.Range(1, _handler.Calls).Select(number => $"key-{number}")));
            if (thrown is ChatsScopeException failure)
            {
                Assert.That((failure.Operation, failure.MayHaveBeenSent), Is.EqualTo((operation, false)));
                Assert.That(
                    failure.Message,
                    Does.Contain(operation.Id).And.Contain("GrantedScopes").And.Contain(string.Join(", ", operation.RequiredScopes)));
            }
        }
    }

    private ChatsClient WithProvider(Func<CancellationToken, ValueTask<string>> provider) =>
        Clients.Over(_handler, options => (options.ApiKey, options.ApiKeyProvider) = (null, provider));

    private static TestCaseData Bad(string key, string fault) =>
        new TestCaseData(key, fault).SetArgDisplayNames(string.Concat(key.Select(c => c is > ' ' and < '\u007F' ? $"{c}" : $"<{(int)c:X4}>")), fault);
}
