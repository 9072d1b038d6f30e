using System.Net.Security;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>The environment of a row: a clock, the scripted server, and another server that must never receive anything.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _headersArrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Scene(FaultRow row, bool isRead)
    {
        IsRead = isRead;
        Server = new RawServer(
            async connection =>
            {
                var stage = new Stage(this, connection);
                foreach (var step in row.Steps)
                {
                    await step(stage);
                }
            },
            row.ReceiveBuffer);
    }

    public bool IsRead { get; }

    public ManualClock Clock { get; } = new();

    public ChatsClient? Client { get; set; }

    public RawServer Server { get; }

    public RawServer Elsewhere { get; } = new(connection => connection.ReadRequestAsync());

    /// <summary>The client has received the response headers. Only for rows with their own HttpClient.</summary>
    public Task HeadersArrived => _headersArrived.Task;

    /// <summary>The client has the result of the good call that comes before (<see cref="FaultRow.AfterGoodCall"/>).</summary>
    public TaskCompletionSource GoodCallEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The server has finished its script for the connection.</summary>
    public TaskCompletionSource GoodCallOver { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task TimeIsOverAsync() => Task.Run(() => Clock.Advance(Deadline));

    /// <summary>Like the client's own, but it reports when the response headers have arrived.</summary>
    public static HttpClient Watched(Scene scene) => scene.Watch(_ => { });

    public static HttpClient Trusting(Scene scene) => scene.Watch(handler => handler.SslOptions = new SslClientAuthenticationOptions
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => SelfSigned.Certificate.Equals(certificate),
    });

    public static HttpClient NeverConnecting(Scene scene) => scene.Watch(handler => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        _ = scene.TimeIsOverAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("This wait has no end.");
    });

    /// <summary>Holds little of a request in the system's buffers.</summary>
    public static HttpClient SmallBuffered(Scene scene) => scene.Watch(handler => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 2048, NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    });

    public static HttpClient Proxied(Scene scene) => scene.Watch(handler =>
        (handler.Proxy, handler.UseProxy) = (new WebProxy($"http://127.0.0.1:{scene.Server.Port}"), true));

    /// <summary>Sends Expect: 100-continue. The client does not, but a caller's HttpClient may.</summary>
    public static HttpClient Asking(Scene scene) => Asking(Watched(scene));

    /// <summary>Also retries everything.</summary>
    public static HttpClient AskingTwice(Scene scene) => Asking(scene.Watch(_ => { }, Handlers.RetryAsync));

    private static HttpClient Asking(HttpClient http)
    {
        http.DefaultRequestHeaders.ExpectContinue = true;
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Elsewhere.DisposeAsync();
    }

    private HttpClient Watch(Action<SocketsHttpHandler> change, ForeignHandler.Behavior? front = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            Expect100ContinueTimeout = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        };
        change(handler);
        var watched = Handlers.Before(handler, async (request, next, _) =>
        {
            var response = await next(request);
            _headersArrived.TrySetResult();
            return response;
        });
        return new HttpClient(front is null ? watched : Handlers.Before(watched, front));
    }
}
