using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using YandexMarket.Chats.Emulator;
using YandexMarket.Samples;

namespace YandexMarket.Chats.Docs.Tests.SampleBot;

/// <summary>The sample bot behind a real socket, and an emulator that tells it of messages. All its time is made here.</summary>
internal sealed class BotStage : IAsyncDisposable
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(15);

    // Three clocks: a pause of the bot that passes must not end a call, or a notification, that is still on its way.
    private readonly ManualClock _pauses = new();
    private readonly ManualClock _deadlines = new();
    private readonly ManualClock _service;
    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;
    private readonly ChatsClient _client;
    private readonly Task _running;

    private BotStage(ChatsEmulator emulator, ManualClock service, WebApplication app, Func<IChatsClient, IChatsClient> wrap)
    {
        (Emulator, _service, _app) = (emulator, service, app);
        emulator.AddKey("key-of-the-bot", ChatsScopes.Communication);
        var business = emulator.AddBusiness(1);
        Chats = [.. Enumerable.Range(1, 4).Select(id => business.AddChat(id))];
        _client = new ChatsClient(new ChatsClientOptions
        {
            ApiKey = "key-of-the-bot",
            BaseAddress = emulator.BaseAddress,
            Timeout = _deadline,
            TimeProvider = _deadlines,
        });
        Bot = new SupportBot(wrap(_client), 1, question => $"Thank you for \"{question.Message}\"!", _pauses);
        _running = Bot.RunAsync(_stopping.Token);
        emulator.Requests.Recorded += EndStall;
    }

    public ChatsEmulator Emulator { get; }

    public IReadOnlyList<EmulatedChat> Chats { get; }

    public SupportBot Bot { get; }

    public static async Task<BotStage> BuildAsync(Func<IChatsClient, IChatsClient>? wrap = null, int? quota = null)
    {
        var service = new ManualClock();
        var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            PingTimeout = Until.Patience,
            TimeProvider = service,
            HourlyQuota = quota,
            RequestsKept = 100_000,
            NotificationTimeout = TimeSpan.FromDays(24),
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var stage = new BotStage(emulator, service, app, wrap ?? (client => client));
        app.MapPost("/notification", (JsonElement notification) => stage.Bot.Receive(notification));
        await app.StartAsync();
        emulator.Notifications.Url = new Uri(new Uri(app.Urls.Single()), "notification");
        return stage;
    }

    /// <summary>Lets every pause pass, until nothing is left to do.</summary>
    public Task SettleAsync() => Until.TrueAsync(() =>
    {
        if (_pauses.NextDue is { } due)
        {
            var pause = due - _pauses.GetUtcNow();
            _service.Advance(pause);
            _pauses.Advance(pause);
        }

        // Whoever is at work may send, and what is sent is told: both are at rest only if nothing was asked in between.
        var asked = Emulator.Requests.Total;
        return Bot.Open == 0 && Emulator.Notifications.Pending == 0 && Bot.Open == 0
            && Emulator.Businesses[0].CallsUnderWay == 0 && asked == Emulator.Requests.Total;
    });

    /// <summary>Lets time pass on the bot's clock.</summary>
    public void Pass(TimeSpan time) => _pauses.Advance(time);

    /// <summary>How many answers to a question stand in its chat.</summary>
    public static int AnswersTo(EmulatedMessage question) => question.Chat.Messages.Count(message =>
        message.Sender == EmulatedSender.Partner && message.Text!.EndsWith($"(No. {question.Chat.Id}-{question.Id})", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Emulator.DisposeAsync();
        await _app.DisposeAsync();
        _client.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Only the deadline can end a stall. The calls beside it lose their time too: so bad a network is that.</summary>
    private void EndStall(RecordedRequest request)
    {
        if (request.Fault?.Kind == ChatsFaultKind.Stall)
        {
            _ = Task.Run(() => _deadlines.Advance(_deadline));
        }
    }
}
