using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>Request timeouts of the application: a notification that was not handled gets no 200, so that the service sends it again.</summary>
public sealed class TimeoutTests
{
    [Test]
    public async Task A_duplicate_whose_wait_times_out_gets_a_503()
    {
        var gate = new TaskCompletionSource();
        await using var shop = await StartAsync();
        shop.Recorder.Behavior = (_, _) => gate.Task;

        var first = shop.PostAsync(Raw.Message);
        await Until.TrueAsync(() => shop.Recorder.Calls.Count == 1);
        var second = await shop.SendAsync(Raw.Post(Raw.Message, path: "/"));
        gate.SetException(new InvalidOperationException());

        Assert.That((second.Status, (await first).Status), Is.EqualTo((503, 500)));
    }

    [Test]
    public async Task A_body_that_is_too_slow_gets_a_503()
    {
        await using var shop = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, shop.Address.Port);
        await client.GetStream().WriteAsync(Raw.Post(Raw.Message, path: "/").AsMemory()[..^5]);
        using var reader = new StreamReader(client.GetStream());

        Assert.That(await reader.ReadLineAsync().WaitAsync(Until.Patience), Does.StartWith("HTTP/1.1 503 "));
        Assert.That(shop.Recorder.Calls, Is.Empty);
    }

    private static Task<Shop> StartAsync() => Shop.StartAsync(new Shop.Setup
    {
        Services = services => services
            .AddRequestTimeouts(options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromMilliseconds(100) })
            .AddSingleton<IStartupFilter, Timeouts>(),
    });

    /// <summary>The timeout applies to the path / only.</summary>
    private sealed class Timeouts : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.UseRouting();
            app.UseWhen(context => context.Request.Path == "/", branch => branch.UseRequestTimeouts());
            next(app);
        };
    }
}
