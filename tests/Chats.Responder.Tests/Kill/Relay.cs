using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>A load balancer: passes each notification on to a running bot; responds with 503 if there is none for a while.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Uri> _bots = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly WebApplication _app;
    private int _next;

    private Relay(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.Single()), "notification");

    public static async Task<Relay> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var relay = new Relay(builder.Build());
        relay._app.MapPost("/notification", relay.ForwardAsync);
        await relay._app.StartAsync();
        return relay;
    }

    public void Add(Uri bot)
    {
        lock (_gate)
        {
            _bots.Add(bot);
        }
    }

    public void Remove(Uri? bot)
    {
        lock (_gate)
        {
            _bots.RemoveAll(known => known == bot);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private Uri? Next()
    {
        lock (_gate)
        {
            return _bots.Count == 0 ? null : _bots[_next++ % _bots.Count];
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var bot = Next();
        for (var wait = 0; bot is null && wait < 40; wait++)
        {
            await Task.Delay(100, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            bot = Next();
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (bot is null)
        {
            return;
        }

        try
        {
            using var content = new StreamContent(context.Request.Body) { Headers = { { "Content-Type", "application/json" } } };
            using var response = await _http.PostAsync(new Uri(bot, "notification"), content, context.RequestAborted);
            var body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The bot was killed meanwhile. The service sends the notification again.
        }
    }
}
