namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>One call of a client that is registered in a surrounding, over a service in memory unless the surrounding has its own.</summary>
internal sealed class Play : IDisposable
{
    public const string Text = "TEXTCANARY";
    public const string Key = "KEYCANARY";

    /// <summary>In place of a status: the connection breaks after the request was read.</summary>
    public const int Reset = 0;

    private readonly Queue<int> _statuses = new();
    private int _requests;

    public ServiceCollection Services { get; } = new();

    public CancellationTokenSource Caller { get; } = new();

    public Action<ChatsClientOptions> Options { get; set; } = _ => { };

    public Action<IHttpClientBuilder> Builder { get; set; } = _ => { };

    public Func<IChatsClient, Task> Before { get; set; } = _ => Task.CompletedTask;

    public bool UsesOwnPrimaryHandler { get; set; }

    /// <summary>How many requests a surrounding with a service of its own received.</summary>
    public Func<int>? Received { get; set; }

    /// <summary>The statuses of the service's next responses; 200 when there is none left.</summary>
    public void Respond(params int[] statuses) => Array.ForEach(statuses, _statuses.Enqueue);

    /// <summary>The service in memory.</summary>
    public StubHandler Network() => new(RespondAsync);

    public string? Message { get; private set; }

    public Action AtEnd { get; set; } = () => { };

    /// <summary>
    /// Puts a service of sockets in place of the one in memory: it responds to the first request of each connection, and closes it as soon as
    /// another one arrives, without a word.
    /// </summary>
    public RawServer Serve(Func<bool, string> respond)
    {
        var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(respond(connection.Text is null));
            await connection.ReadRequestAsync();
        });
        Options += options => options.BaseAddress = server.Address;
        (UsesOwnPrimaryHandler, Received) = (true, () => server.Record.Complete);
        // The handlers of the factory keep their connections, so there is no end to wait for.
        AtEnd += () => _ = server.DisposeAsync().AsTask();
        return server;
    }

    /// <summary>A message handler between our retries and the network.</summary>
    public void Handler(ForeignHandler.Behavior behavior) => Builder += http => http.AddBehind(behavior);

    public async Task<string> CallAsync(bool isRead)
    {
        var builder = Services.AddChatsClient(options =>
        {
            options.ApiKey = Key;
            Options(options);
        }).ConfigureChatsHosting(options => (options.MaxAttempts, options.RetryDelay) = (1, TimeSpan.FromMilliseconds(10)));
        if (!UsesOwnPrimaryHandler)
        {
            builder.ConfigurePrimaryHttpMessageHandler(Network);
        }

        Builder(builder);
        await using var provider = Services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatsClient>();
        await Before(client);
        Exception? exception = null;
        try
        {
            await (isRead ? client.GetChatMessageAsync(1, 2, 3, Caller.Token) : client.SendMessageToChatAsync(1, 2, Text, Caller.Token))
                .WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (Exception thrown)
        {
            exception = thrown;
        }

        Message = exception?.Message;
        Assert.That($"{exception}", Does.Not.Contain(Text).And.Not.Contain(Key));
        return $"{How(exception)}; {Received?.Invoke() ?? _requests}";
    }

    /// <summary>The end of a call in words, with its verdict.</summary>
    private static string How(Exception? exception) => exception switch
    {
        null => "result",
        ChatsConnectionException { IsTimeout: true } timeout => $"`{exception.GetType().Name}`, timeout, {Verdict(timeout.MayHaveBeenSent)}",
        ChatsApiException api => $"`{exception.GetType().Name}` {api.StatusCode}, {Verdict(api.MayHaveBeenSent)}",
        ChatsException ours => $"`{exception.GetType().Name}`, {Verdict(ours.MayHaveBeenSent)}",
        ChatsCanceledException canceled => $"`{exception.GetType().Name}`, {Verdict(canceled.MayHaveBeenSent)}",
        _ => $"{exception}",
    };

    public void Dispose()
    {
        AtEnd();
        Caller.Dispose();
    }

    private static string Verdict(bool mayHaveBeenSent) => mayHaveBeenSent ? "**may have been sent**" : "not sent";

    private async Task<HttpResponseMessage> RespondAsync(HttpRequestMessage request, int attempt, CancellationToken cancellationToken)
    {
        await StubHandler.ReadAsync(request);
        Interlocked.Increment(ref _requests);
        lock (_statuses)
        {
            var next = _statuses.TryDequeue(out var status) ? status : 200;
            return next != Reset ? StubHandler.Response(request, next) : throw new HttpRequestException("reset");
        }
    }
}
