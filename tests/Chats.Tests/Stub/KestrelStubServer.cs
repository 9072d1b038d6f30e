#if !WIREMOCK
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Tests.Stub;

/// <summary>The stub in process, on Kestrel.</summary>
internal sealed class KestrelStubServer : IStubServer
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubRequest> _requests = new();
    private IReadOnlyList<StubAnswer> _answers = [];
    private int _answered;

    private KestrelStubServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri BaseAddress { get; private set; } = null!;

    public IReadOnlyList<StubRequest> Requests => [.. _requests];

    public static async Task<IStubServer> StartAsync()
    {
        var stub = new KestrelStubServer();
        await stub._app.StartAsync();
        var addresses = stub._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        stub.BaseAddress = new Uri(addresses.Addresses.Single() + "/");
        return stub;
    }

    public void Answer(params IReadOnlyList<StubAnswer> answers)
    {
        _requests.Clear();
        _answered = 0;
        _answers = answers;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue(new StubRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            StubRequest.HeadersOf(context.Request.Headers.Select(header => KeyValuePair.Create(header.Key, header.Value.OfType<string>()))),
            body.ToArray()));

        var answer = _answers[Math.Min(Interlocked.Increment(ref _answered), _answers.Count) - 1];
        context.Response.StatusCode = answer.Status;
        foreach (var header in answer.Headers)
        {
            context.Response.Headers.Append(header.Key, header.Value);
        }

        if (answer.Body.Length > 0)
        {
            context.Response.ContentLength = answer.Body.Length;
            await context.Response.Body.WriteAsync(answer.Body);
        }
    }
}
#endif
