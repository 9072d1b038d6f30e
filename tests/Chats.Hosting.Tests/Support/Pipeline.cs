using Microsoft.Extensions.Logging.Abstractions;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>A client put together by hand, as the registration does it, on one thread and with one seed.</summary>
internal static class Pipeline
{
    public const string Key = "key-of-tests";

    // One for all: a meter is known to the whole process until it is disposed, and the schedules make thousands of clients.
    private static readonly ChatsMetrics _metrics = new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), new QuotaLimiter(TimeProvider.System));

    public static IChatsClient Create(
        ManualClock clock,
        HttpMessageHandler service,
        QuotaLimiter? limiter = null,
        ChatsHostingOptions? hosting = null,
        TimeSpan? timeout = null,
        Uri? baseAddress = null,
        Action<ChatsResponseInfo>? responseReceived = null)
    {
        var log = new ChatsLog(NullLogger.Instance);
        var options = new ChatsClientOptions { ApiKey = Key, TimeProvider = clock, ResponseReceived = responseReceived };
        options.Timeout = timeout ?? options.Timeout;
        options.BaseAddress = baseAddress ?? Service;
        var client = new ClientState(options, hosting ?? new ChatsHostingOptions());
        // Not random: what a call does must not depend on how many others there were.
        var retry = new RetryHandler(client, (limiter ?? Limiter(clock, 1000)).EnterAsync, _metrics, log, random: static () => 0.5)
        {
            InnerHandler = new ChatsSendOnceHandler { InnerHandler = service },
        };
        var http = new HttpClient(retry) { Timeout = Timeout.InfiniteTimeSpan };
        return new ChatsClient(http, options, new CallObserver(options, _metrics, log));
    }

    public static Uri Service { get; } = new("https://service.example/v2/");

    public static QuotaLimiter Limiter(TimeProvider clock, int quota, TaskCreationOptions completion = TaskCreationOptions.None) =>
        new(clock, _ => quota, completion);
}
