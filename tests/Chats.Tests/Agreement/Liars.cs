namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>A handler that repeats whatever failed, as many do: a send too.</summary>
/// <param name="keepsBytes">Whether it first takes a copy of the text. Without one, the request has no second one to give.</param>
internal sealed class RepeatingHandler(bool keepsBytes) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (keepsBytes && request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken);
        }

        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode ? response : await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException)
        {
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A handler that throws something at random, before or after the request, or only reads the body.</summary>
internal sealed class CapriciousHandler(int seed) : DelegatingHandler
{
    private readonly Random _random = new(seed);
    private int _before;
    private int _after;

    public int Before => _before;

    public int After => _after;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int drawn;
        lock (_random)
        {
            drawn = _random.Next(100);
        }

        if (drawn < 10)
        {
            Interlocked.Increment(ref _before);
            throw Draw(drawn);
        }

        if (drawn < 15)
        {
            await (request.Content?.ReadAsStringAsync(cancellationToken) ?? Task.FromResult(""));
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (drawn < 90)
        {
            return response;
        }

        response.Dispose();
        Interlocked.Increment(ref _after);
        throw Draw(drawn);
    }

    private static Exception Draw(int drawn) => (drawn % 5) switch
    {
        0 => new TimeoutException(),
        1 => new InvalidOperationException(),
        2 => new OperationCanceledException(),
        3 => new IOException(),
        _ => new NotSupportedException(),
    };
}

/// <summary>A client that is not always true to what happened.</summary>
/// <param name="inner">What happens.</param>
/// <param name="lie">Told of a failure, what it says in its place; null for success.</param>
internal sealed class LyingClient(IChatsClient inner, Func<ChatsException, Exception?> lie) : IChatsClient
{
    public async Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.GetChatMessageAsync(businessId, chatId, messageId, cancellationToken);
        }
        catch (ChatsException exception)
        {
            throw lie(exception) ?? exception;
        }
    }

    public async Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default)
    {
        try
        {
            await inner.SendMessageToChatAsync(businessId, chatId, message, cancellationToken);
        }
        catch (ChatsException exception)
        {
            if (lie(exception) is { } told)
            {
                throw told;
            }
        }
    }
}

/// <summary>A client that reads the message beside the one that it was asked for.</summary>
internal sealed class CarelessClient(IChatsClient inner) : IChatsClient
{
    public Task<ChatMessage> GetChatMessageAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken = default) =>
        inner.GetChatMessageAsync(businessId, chatId, messageId ^ 1, cancellationToken);

    public Task SendMessageToChatAsync(long businessId, long chatId, string message, CancellationToken cancellationToken = default) =>
        inner.SendMessageToChatAsync(businessId, chatId, message, cancellationToken);
}

/// <summary>Says what it was told to say.</summary>
internal sealed class Claim(ChatsException truth, bool mayHaveBeenSent)
    : ChatsException("A lie.", truth.Operation, mayHaveBeenSent, innerException: truth);
