using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A receiver of notifications as the service wants it.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly Channel<JObject> _received = Channel.CreateUnbounded<JObject>();
    private readonly WebApplication _app;

    private Receiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            _received.Writer.TryWrite(JObject.Parse(await body.ReadToEndAsync()));
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"version":"1","name":"test","time":"2025-11-21T10:20:30Z"}""");
        });
    }

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver._app.StartAsync();
        // The first call of a process is slow, and a PING has only a second.
        using var http = new HttpClient();
        await http.PostAsync(receiver.Url, new StringContent("{}"));
        await receiver.ReadAsync();
        return receiver;
    }

    public string Url => _app.Urls.Single() + "/notify?token=secret";

    public Task<JObject> ReadAsync() => _received.Reader.ReadAsync().AsTask();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
