using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>
/// Bots that are killed at random, one in six while it starts, and of several processes one in three is stopped instead; buyers who write meanwhile,
/// and a service that fails one call in ten.
/// </summary>
internal sealed class KillRun(int seed, int kills, int processes, Dictionary<string, string> database, Func<ResponderContext> open)
{
    private const int MessagesPerKill = 10;
    private const int Businesses = 10;
    private const int ChatsPerBusiness = 10;

    private readonly Lock _gate = new();
    private readonly List<EmulatedMessage> _questions = [];
    private readonly ConcurrentDictionary<BotProcess, Uri> _bots = new();
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private int _lives;
    private int _stopped;
    private uint _forwarded;

    public async Task RunAsync()
    {
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            HourlyQuota = null,
            MaxRecordedRequests = 1,
            NotificationTimeout = TimeSpan.FromSeconds(10),
            NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(500),
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var balancer = builder.Build();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        balancer.MapPost("/notification", context => ForwardAsync(context, http));
        await balancer.StartAsync();
        emulator.AddKey("test-key", "communication");
        emulator.Notifications.Url = new Uri($"{balancer.Urls.Single()}/notification");
        emulator.Notifications.Copies = 2;
        emulator.Faults.Random(seed, probability: 0.1);
        var chats = (from business in Enumerable.Range(1, Businesses)
                     let owner = emulator.AddBusiness(business)
                     from chat in Enumerable.Range(1, ChatsPerBusiness)
                     select owner.AddChat((business * 1000) + chat)).ToList();
        var settings = Settings(emulator);

        await Task.WhenAll(Enumerable.Range(0, processes).Select(slot => LiveAndDieAsync(new Random(seed + slot), chats, emulator, settings)));

        using var last = new BotProcess(settings);
        _bots[last] = await last.Ready ?? throw new InvalidOperationException("The last bot does not start.");
        // On a slow machine too: as long as the number of open messages falls, it is not stuck.
        var (least, since) = (int.MaxValue, _time.Elapsed);
        while (emulator.Notifications.Pending + await OpenAsync() is > 0 and var open)
        {
            (least, since) = open < least ? (open, _time.Elapsed) : (least, since);
            Assert.That(_time.Elapsed - since, Is.LessThan(Until.Timeout), $"Seed {seed}: {emulator.Notifications.Pending} notifications and {await OpenAsync()} messages are still open.");
            await Task.Delay(100);
        }

        await last.StopAsync();
        await CheckAsync(chats, emulator);
    }

    private async Task LiveAndDieAsync(Random dice, List<EmulatedChat> chats, ChatsEmulator emulator, Dictionary<string, string> settings)
    {
        while (Interlocked.Increment(ref _lives) is var life && life <= kills)
        {
            using var bot = new BotProcess(settings);
            Receive(dice, chats);
            if (life % 6 == 2)
            {
                await Task.Delay(dice.Next(800)); // While it starts.
                await bot.KillAsync();
                continue;
            }

            var address = await bot.Ready;
            Assert.That(address, Is.Not.Null, $"Seed {seed}: the bot ended by itself.");
            _bots[bot] = address!;
            // On a slow machine too, it is killed while it works.
            var asked = emulator.Requests.Total;
            for (var wait = 0; emulator.Requests.Total == asked && wait < 1000; wait++)
            {
                await Task.Delay(20);
            }

            await Task.Delay(dice.Next(1500));
            if (processes > 1 && life % 3 == 0)
            {
                Interlocked.Increment(ref _stopped);
                await bot.StopAsync();
            }
            else
            {
                await bot.KillAsync();
            }

            _bots.TryRemove(bot, out _);
        }
    }

    /// <summary>Passes a notification on to one of the running bots. Without a 200 from it, the service sends the notification again.</summary>
    private async Task ForwardAsync(HttpContext context, HttpClient http)
    {
        var bots = _bots.Values.ToList();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (bots.Count == 0)
        {
            return;
        }

        try
        {
            var bot = bots[(int)(Interlocked.Increment(ref _forwarded) % bots.Count)];
            using var content = new StreamContent(context.Request.Body) { Headers = { { "Content-Type", "application/json" } } };
            using var response = await http.PostAsync(new Uri(bot, "notification"), content, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = "application/json";
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The bot was killed meanwhile.
        }
    }

    private void Receive(Random dice, List<EmulatedChat> chats)
    {
        for (var i = 0; i < MessagesPerKill; i++)
        {
            lock (_gate)
            {
                var chat = chats[dice.Next(chats.Count)];
                _questions.Add(dice.Next(10) == 0
                    ? chat.Receive(null, new ChatAttachment("photo.jpg", "https://example.com/photo.jpg", 1000))
                    : chat.Receive($"question {_questions.Count}"));
            }
        }
    }

    private async Task CheckAsync(List<EmulatedChat> chats, ChatsEmulator emulator)
    {
        await using var context = open();
        var rows = await context.Messages.AsNoTracking().ToDictionaryAsync(row => (row.ChatId, row.MessageId));
        var responses = chats.SelectMany(chat => chat.Messages).Where(message => message.Sender == EmulatedSender.Partner).ToLookup(message => (message.Chat.Id, message.Text));
        var fates = _questions.Select(question => new Fate(
            question.Id,
            question.Text is not null,
            responses[(question.Chat.Id, $"Thank you! Your request number is {question.Id}. We are looking into it.")].Count(),
            rows.GetValueOrDefault((question.Chat.Id, question.Id))?.State)).ToList();

        var needless = fates.Count(fate => fate is { State: NeedsAttention, Responses: 1 });
        await TestContext.Progress.WriteLineAsync(
            $"{database.Keys.Single()}, seed {seed}: {kills - _stopped} kills, {_stopped} stops, {processes} processes at once; {emulator.Faults.AppliedCount} faults; " +
            $"{fates.Count} messages: {History.Summary(fates)} (of those for a human, {needless} had been sent); " +
            $"{responses.Sum(group => group.Count())} responses in the chats; {_time.Elapsed.TotalSeconds:0} s");

        Assert.That(History.Violations(fates), Is.Empty, $"Seed {seed}");
        Assert.That(responses.Sum(group => group.Count()), Is.EqualTo(fates.Sum(fate => fate.Responses)), $"Seed {seed}: a response that answers nothing.");
    }

    private async Task<int> OpenAsync()
    {
        await using var context = open();
        try
        {
            return await History.CountOpenAsync(context);
        }
        catch (DbException)
        {
            return _questions.Count; // No bot has lived long enough to create the table.
        }
    }

    private Dictionary<string, string> Settings(ChatsEmulator emulator) => new(database)
    {
        ["Logging__LogLevel__Default"] = "Warning",
        ["Logging__LogLevel__YandexMarket"] = "None",
        ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
        ["Chats__ApiKey"] = "test-key",
        ["Chats__BaseAddress"] = emulator.BaseAddress.ToString(),
        ["Chats__Timeout"] = "00:00:03",
        ["Responder__LeaseDuration"] = "00:00:02",
        ["Responder__DoubtTimeout"] = "00:00:05",
        ["Responder__MaxFailures"] = "100", // Here a message is not to blame for a kill.
        ["Responder__PollInterval"] = "00:00:00.1",
        ["Responder__RetryDelay"] = "00:00:00.05",
        ["Responder__MaxRetryDelay"] = "00:00:01",
        ["Responder__ShutdownTimeout"] = "00:00:05",
    };
}
