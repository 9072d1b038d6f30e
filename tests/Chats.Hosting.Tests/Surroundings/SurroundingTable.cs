using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>Something of the application or the platform around a client, how calls end in it, and how many requests the service gets.</summary>
internal sealed record Surrounding(string Group, string Name, Action<Play> Arrange, string Read, string Send)
{
    public override string ToString() => $"{Group}: {Name}";
}

/// <summary>What real applications and platforms put around a client. Each row is played for a read and for a send.</summary>
internal static partial class SurroundingTable
{
    private const string Failed = "`ChatsConnectionException`, ";
    private const string TimedOut = "`ChatsConnectionException`, timeout, ";
    private const string Canceled = "`ChatsCanceledException`, ";
    private const string Doubt = "**may have been sent**";
    private const string Not = "not sent";

    private static readonly Func<HttpMessageHandler>[] _primaryHandlers = [() => new HttpClientHandler(), () => new SocketsHttpHandler()];

    public static IReadOnlyList<Surrounding> Rows { get; } = [.. Throwing(), .. Retrying(), .. Observing(), .. Keys(), .. Canceling(), .. Platform()];

    private static IEnumerable<Surrounding> Throwing()
    {
        (Func<Exception> New, bool IsTimeout)[] all =
        [
            (() => new TimeoutRejectedException(Play.Text), true),
            (() => new BrokenCircuitException(Play.Text), false),
            (() => new TimeoutException(Play.Text), true),
            (() => new NotSupportedException(Play.Text), false),
            (() => new InvalidOperationException(Play.Text), false),
            (() => new OperationCanceledException(Play.Text), false),
            (() => new IOException(Play.Text), false),
            (() => new AggregateException(new FormatException(Play.Key)), false),
            (() => new ChatsConnectionException("of another client", ChatsOperations.GetChatMessage, mayHaveBeenSent: false), false),
        ];
        foreach (var (create, isTimeout) in all)
        {
            var (name, how) = (create().GetType().Name, isTimeout ? TimedOut : Failed);
            yield return new("A message handler throws", $"`{name}` before the request", play => play.Handler((_, _, _) => throw create()), $"{how}{Not}; 0", $"{how}{Not}; 0");
            yield return new("A message handler throws", $"`{name}` after the response", play => play.Handler(async (request, next, _) =>
            {
                (await next(request)).Dispose();
                throw create();
            }), $"{how}{Not}; 1", $"{how}{Doubt}; 1");
        }
    }

    private static IEnumerable<Surrounding> Retrying()
    {
        const string Group = "A message handler resends", Handler = "A message handler";
        static TimeSpan Soon() => TimeSpan.FromMilliseconds(1);
        (string Name, Action<IHttpClientBuilder> Arrange)[] after500 =
        [
            ("the same request", http => http.AddBehind(Twice(request => Task.FromResult(request)))),
            ("a clone with headers and options", http => http.AddBehind(Twice(CloneAsync))),
            ("a copy of the body in a `ByteArrayContent`", http => http.AddBehind(Twice(CopyBodyAsync))),
            ("the standard resilience handler of all clients", http => http.Services.ConfigureHttpClientDefaults(all =>
                all.AddStandardResilienceHandler(options => options.Retry.Delay = Soon()))),
            ("the standard resilience handler of this client", http => http.AddStandardResilienceHandler(options => options.Retry.Delay = Soon())),
            ("the standard hedging handler", http => http.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = Timeout.InfiniteTimeSpan)),
            ("the same request, outside our retries and with a handler that reads the body", http =>
                http.AddInFront(ForeignHandler.SendTwice).AddBehind(ForeignHandler.ReadBody)),
            ("the same request, inside our retries and with a handler that reads the body", http =>
                http.AddBehind(ForeignHandler.SendTwice).AddBehind(ForeignHandler.ReadBody)),
            ("the standard resilience handler of this client, with a handler that reads the body and without any `IHttpMessageHandlerBuilderFilter`", http =>
            {
                http.AddBehind(ForeignHandler.ReadBody).AddStandardResilienceHandler(options => options.Retry.Delay = Soon());
                http.Services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
            }),
            ("a clone, in a handler of the first `IHttpMessageHandlerBuilderFilter`", http => http.Services.AddFilter(
                handlers => handlers.AdditionalHandlers.Add(new ForeignHandler(Twice(CloneAsync))), first: true)),
        ];
        foreach (var (name, arrange) in after500)
        {
            yield return new(Group, $"{name}, after a 500", play =>
            {
                play.Respond(500);
                play.Builder += arrange;
            }, "result; 2", $"{Failed}{Doubt}; 1");
        }

        yield return new(Group, "the standard resilience handler, with `DisableForUnsafeHttpMethods`, after a 500", play =>
        {
            play.Respond(500);
            play.Builder += http => http.AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = Soon();
                options.Retry.DisableForUnsafeHttpMethods();
            });
        }, "result; 2", $"`ChatsApiException` 500, {Doubt}; 1");
        yield return new(Group, "the standard hedging handler, while the first attempt waits for its response", play =>
        {
            var (attempts, hedged) = (0, new TaskCompletionSource());
            var primary = new StubHandler(async (request, attempt, cancellationToken) =>
            {
                await StubHandler.ReadAsync(request);
                await (attempt == 0 ? hedged.Task.WaitAsync(cancellationToken) : Task.CompletedTask);
                return StubHandler.Response(request, 200);
            });
            play.Builder += http =>
            {
                http.ConfigurePrimaryHttpMessageHandler(() => primary);
                http.AddStandardHedgingHandler().Configure(options => options.Hedging.Delay = TimeSpan.Zero);
                http.AddBehind((request, next, _) =>
                {
                    var response = next(request);
                    if (Interlocked.Increment(ref attempts) == 2)
                    {
                        hedged.SetResult();
                    }

                    return response;
                });
            };
            (play.UsesOwnPrimaryHandler, play.Received) = (true, () => primary.Calls);
        }, "result; 2", "result; 1");
        yield return new(Group, "a clone without options", play => play.Handler(async (request, next, _) =>
        {
            var clone = await CloneAsync(request);
            return await next(new HttpRequestMessage(clone.Method, clone.RequestUri) { Content = clone.Content, Headers = { { "Api-Key", Play.Key } } });
        }), "result; 1", $"{Failed}{Doubt}; 0");
        yield return new(Handler, "sends a clone", play => play.Handler(async (request, next, _) => await next(await CloneAsync(request))), "result; 1", "result; 1");
        yield return new(Group, "two clones at the same time", play => play.Handler(async (request, next, _) =>
        {
            var clones = new[] { await CloneAsync(request), await CloneAsync(request) };
            var responses = await Task.WhenAll(clones.Select(clone => Task.Run(() => next(clone))));
            return responses[0];
        }), "result; 2", $"{Failed}{Doubt}; 1");
        yield return new(Group, "the same request, in a primary handler that is a chain, after a 503 and before a 420", play =>
        {
            play.Respond(503, 420);
            play.Builder += http => http.ConfigurePrimaryHttpMessageHandler(() => new ForeignHandler(ForeignHandler.SendTwice)
            {
                InnerHandler = new ForeignHandler(ForeignHandler.ReadBody) { InnerHandler = play.Network() },
            });
        }, $"`ChatsRateLimitException` 420, {Not}; 2", $"{Failed}{Doubt}; 1");
        foreach (var (status, read) in new[] { (429, "result; 2"), (400, $"`ChatsApiException` 400, {Not}; 1") })
        {
            yield return new(Handler, $"turns a reset connection into a {status}, with two attempts", play =>
            {
                play.Respond(Play.Reset);
                play.Handler(async (request, next, _) =>
                {
                    try
                    {
                        return await next(request);
                    }
                    catch (HttpRequestException)
                    {
                        return new HttpResponseMessage((HttpStatusCode)status);
                    }
                });
                play.Builder += http => http.ConfigureChatsHosting(options => options.MaxAttempts = 2);
            }, read, $"{(status == 429 ? "`ChatsRateLimitException`" : "`ChatsApiException`")} {status}, {Doubt}; 1");
        }

        yield return new(Handler, "reads the body for a log", play => play.Handler(ForeignHandler.ReadBody), "result; 1", "result; 1");
        yield return new(Handler, "reads the body in front of the application's own `ChatsSendOnceHandler`", play => play.Builder += http => http
            .AddBehind(ForeignHandler.ReadBody).AddHttpMessageHandler(() => new ChatsSendOnceHandler())
            .ConfigurePrimaryHttpMessageHandler(() => new ChatsSendOnceHandler(play.Network())), "result; 1", "result; 1");
        yield return new(Handler, "returns null", play => play.Handler((_, _, _) => Task.FromResult<HttpResponseMessage>(null!)), $"{Failed}{Not}; 0", $"{Failed}{Not}; 0");
    }

    private static IEnumerable<Surrounding> Keys()
    {
        const string Group = "The key provider";
        const string KeyFailed = $"`ChatsApiKeyException`, {Not}; 0";
        yield return new(Group, "throws", play => Provide(play, _ => throw new InvalidDataException("vault")), KeyFailed, KeyFailed);
        yield return new(Group, "throws its own `OperationCanceledException`", play => Provide(play, _ => throw new OperationCanceledException()), KeyFailed, KeyFailed);
        yield return new(Group, "returns a malformed key", play => Provide(play, _ => new("two words")), KeyFailed, KeyFailed);
        yield return new(Group, "waits until the caller cancels", play => Provide(play, token => new(CancelAsync<string>(play, token))), $"{Canceled}{Not}; 0", $"{Canceled}{Not}; 0");
    }

    private static IEnumerable<Surrounding> Canceling()
    {
        const string Group = "The caller cancels";
        yield return new(Group, "before the call", play => play.Caller.Cancel(), $"{Canceled}{Not}; 0", $"{Canceled}{Not}; 0");
        yield return new(Group, "before the request", play => play.Handler((_, _, token) => CancelAsync<HttpResponseMessage>(play, token)), $"{Canceled}{Not}; 0", $"{Canceled}{Not}; 0");
        yield return new(Group, "after the response", play => play.Handler(async (request, next, cancellationToken) =>
        {
            (await next(request)).Dispose();
            return await CancelAsync<HttpResponseMessage>(play, cancellationToken);
        }), $"{Canceled}{Not}; 1", $"{Canceled}{Doubt}; 1");
    }

    private static IEnumerable<Surrounding> Platform()
    {
        const string Group = "Platform and network";
        yield return new(Group, "a primary handler that is set for all clients is used", play =>
        {
            var primary = StubHandler.Responding(200);
            play.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => primary));
            (play.UsesOwnPrimaryHandler, play.Received) = (true, () => primary.Calls);
        }, "result; 1", "result; 1");
        foreach (var create in _primaryHandlers)
        {
            yield return new(Group, $"a redirect to another host, with a `{create().GetType().Name}` of the application", play =>
            {
                var other = play.Serve(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                play.Serve(_ => $"HTTP/1.1 307 A\r\nLocation: {other.Address}\r\nContent-Length: 0\r\n\r\n");
                play.Builder += http => http.ConfigurePrimaryHttpMessageHandler(create);
                play.Received = () => other.Record.Complete;
            }, $"`ChatsApiException` 307, {Not}; 0", $"`ChatsApiException` 307, {Doubt}; 0");
            yield return new(Group, $"an unreachable proxy in the environment, with a loopback service and a `{create().GetType().Name}` of the application", play =>
            {
                DeadProxy(play);
                play.Builder += http => http.ConfigurePrimaryHttpMessageHandler(create);
            }, "result; 1", "result; 1");
        }

        (string Name, Action<IHttpClientBuilder> Set, string Send)[] kept =
        [
            ("", _ => { }, "result; 1"),
            (", with a `SocketsHttpHandler` of the application", http => http.UseSocketsHttpHandler(), "result; 1"),
            (", with an `HttpClientHandler` of the application", http => http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler()), $"{Failed}{Doubt}; 0"),
        ];
        foreach (var (name, set, send) in kept)
        {
            yield return new(Group, $"a service that closes each connection without announcing it: the second call{name}", play =>
            {
                var responses = 0;
                play.Serve(isRead =>
                {
                    responses++;
                    return Good(isRead);
                });
                play.Builder += set;
                play.Received = () => responses - 1;
                play.Before = client => client.GetChatMessageAsync(1, 2, 3);
            }, "result; 1", send);
        }

        yield return new(Group, "an unreachable proxy in the environment, with a loopback service", DeadProxy, "result; 1", "result; 1");
        yield return new(Group, "the same, with a handler that `ChatsClient.CreateHandler` created for another address", play =>
        {
            DeadProxy(play);
            play.Builder += http => http.ConfigurePrimaryHttpMessageHandler(() => ChatsClient.CreateHandler(new ChatsClientOptions()));
        }, "result; 1", "result; 1");
        yield return new(Group, "a handler that changes the address and leaves it so", play => play.Handler((request, next, _) =>
        {
            request.RequestUri = new Uri("https://gateway.example" + request.RequestUri!.PathAndQuery);
            return next(request);
        }), "result; 1", "result; 1");
        yield return new(Group, "a handler that follows redirects itself", play =>
        {
            play.Respond(503);
            play.Handler(async (request, next, _) =>
            {
                (await next(request)).Dispose();
                request.RequestUri = new Uri("https://elsewhere.example" + request.RequestUri!.PathAndQuery);
                return await next(request);
            });
        }, $"{Failed}{Not}; 2", $"{Failed}{Doubt}; 1");
        yield return new(Group, "service discovery, which changes the address, and a 420 on the first of two attempts", play =>
        {
            play.Respond(420);
            play.Builder += http => http.AddInFront(async (request, next, _) =>
            {
                var original = request.RequestUri!;
                request.RequestUri = new Uri(original.AbsoluteUri);
                var response = await next(request);
                request.RequestUri = original;
                return response;
            }).ConfigureChatsHosting(options => (options.UseQuota, options.MaxAttempts) = (false, 2));
        }, "result; 2", "result; 2");
        yield return new(Group, "a business in migration, 423", play => play.Respond(423), $"`ChatsApiException` 423, {Not}; 1", $"`ChatsApiException` 423, {Not}; 1");
    }

    /// <summary>Lets the caller cancel, and waits until the cancellation arrives.</summary>
    private static async Task<T> CancelAsync<T>(Play play, CancellationToken cancellationToken)
    {
        await play.Caller.CancelAsync();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }

    private static string Good(bool isRead)
    {
        var body = isRead ? """{"status":"OK","result":{"messageId":3,"createdAt":"2025-11-21T10:00:00Z","sender":"CUSTOMER"}}""" : """{"status":"OK"}""";
        return $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private static void DeadProxy(Play play)
    {
        var proxy = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:1");
        play.AtEnd += () => HttpClient.DefaultProxy = proxy;
        play.Serve(Good);
    }

    private static void Provide(Play play, Func<CancellationToken, ValueTask<string>> provider) =>
        play.Options += options => (options.ApiKey, options.ApiKeyProvider) = (null, provider);
}
