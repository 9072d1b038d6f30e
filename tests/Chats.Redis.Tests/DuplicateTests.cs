using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats.AspNetCore;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Receivers on several machines that get the same notification.</summary>
[Slow]
public sealed class DuplicateTests
{
    private readonly string _prefix = Machine.NewPrefix();

    [Test]
    public async Task A_notification_that_one_machine_has_handled_is_dropped_by_another()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        Assert.That(await one.NotifyAsync(), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await two.NotifyAsync(), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await two.NotifyAsync(messageId: 4), Is.EqualTo(HttpStatusCode.OK));

        Assert.That((one.Desk.Handled, two.Desk.Handled), Is.EqualTo((1, 1)));
        var redis = await SharedRedis.DatabaseAsync();
        Assert.That(await redis.KeyTimeToLiveAsync($"{_prefix}notification:ChatMessageSent:1:2:3"), Is.GreaterThan(TimeSpan.FromMinutes(59)));
    }

    [Test]
    public async Task A_handled_notification_is_remembered_even_if_the_memory_of_Redis_is_full_meanwhile()
    {
        await using var server = await RedisServer.StartAsync();
        await using var receiver = await StartAsync(server, options => options.CommandTimeout = TimeSpan.FromSeconds(30));
        receiver.Desk.Gate = new TaskCompletionSource();

        var notification = receiver.NotifyAsync();
        await Until.TrueAsync(() => receiver.Desk.Handled == 1);
        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1mb");
        receiver.Desk.Gate.SetResult();

        Assert.That(await notification, Is.EqualTo(HttpStatusCode.OK));
        var redis = (await server.ConnectAsync()).GetDatabase();
        Assert.That($"{await redis.StringGetAsync($"{_prefix}notification:ChatMessageSent:1:2:3")}", Is.EqualTo("handled"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task While_one_machine_handles_it_the_other_waits_for_the_outcome(bool fails)
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        one.Desk.Gate = new TaskCompletionSource();

        var first = one.NotifyAsync();
        await Until.TrueAsync(() => one.Desk.Handled == 1);
        var second = two.NotifyAsync();
        await Task.WhenAny(second, Task.Delay(300, CancellationToken.None));
        Assert.That((second.IsCompleted, two.Desk.Handled), Is.EqualTo((false, 0)));
        _ = fails ? one.Desk.Gate.TrySetException(new InvalidOperationException()) : one.Desk.Gate.TrySetResult();

        Assert.That(await first, Is.EqualTo(fails ? HttpStatusCode.InternalServerError : HttpStatusCode.OK));
        Assert.That(await second, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(two.Desk.Handled, Is.EqualTo(fails ? 1 : 0));
    }

    [TestCase(ChatsRedisFallback.Reject, HttpStatusCode.InternalServerError, 0)]
    [TestCase(ChatsRedisFallback.Local, HttpStatusCode.OK, 1)]
    public async Task Without_Redis(ChatsRedisFallback policy, HttpStatusCode status, int handled)
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var receiver = await StartAsync(server, options => options.WhenUnavailable = policy);

        Assert.That(await receiver.NotifyAsync(), Is.EqualTo(status));
        Assert.That(await receiver.NotifyAsync(), Is.EqualTo(status));

        Assert.That(receiver.Desk.Handled, Is.EqualTo(handled));
    }

    private async Task<Receiver> StartAsync(RedisServer? server = null, Action<ChatsRedisOptions>? configure = null) =>
        await Receiver.StartAsync((server ?? await SharedRedis.ServerAsync()).Configuration, options =>
        {
            // A long timeout for busy machines, except in the tests without Redis.
            (options.KeyPrefix, options.CommandTimeout) = (_prefix, TimeSpan.FromSeconds(server is null ? 30 : 1));
            configure?.Invoke(options);
        });

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly HttpClient _http = new();
        private WebApplication _app = null!;

        public Desk Desk { get; } = new();

        public static async Task<Receiver> StartAsync(string redis, Action<ChatsRedisOptions> configure)
        {
            var receiver = new Receiver();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton(receiver.Desk);
            builder.Services.AddChatsNotifications<Desk>().UseRedisDuplicates(redis, configure);
            receiver._app = builder.Build();
            receiver._app.MapChatsNotifications();
            await receiver._app.StartAsync();
            return receiver;
        }

        public async Task<HttpStatusCode> NotifyAsync(long messageId = 3)
        {
            using var content = new StringContent(
                $$"""{"notificationType":"CHAT_MESSAGE_SENT","businessId":1,"chatId":2,"messageId":"{{messageId}}","sentAt":"2026-01-16T10:09:49.5Z"}""",
                Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri($"{_app.Urls.Single()}/notification"), content);
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await _app.DisposeAsync();
        }
    }

    private sealed class Desk : IChatsNotificationHandler
    {
        public int Handled { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
        {
            Handled++;
            return Gate?.Task ?? Task.CompletedTask;
        }
    }
}
