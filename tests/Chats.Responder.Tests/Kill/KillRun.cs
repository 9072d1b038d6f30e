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
    private readonly Stopwatch _time = Stopwatch.StartNew();
    private int _lives;
    private int _stopped;

    public async Task RunAsync()
    {
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            HourlyQuota = null,
            MaxRecordedRequests = 1,
            NotificationTimeout = TimeSpan.FromSeconds(10),
            NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(500),
        });
        await using var relay = await Relay.StartAsync();
        emulator.AddKey("test-key", "communication");
        emulator.Notifications.Url = relay.Address;
        emulator.Notifications.Copies = 2;
        emulator.Faults.Random(seed, probability: 0.1);
        var chats = (from business in Enumerable.Range(1, Businesses)
                     let owner = emulator.AddBusiness(business)
                     from chat in Enumerable.Range(1, ChatsPerBusiness)
                     select owner.AddChat((business * 1000) + chat)).ToList();
        var settings = Settings(emulator);

        await Task.WhenAll(Enumerable.Range(0, processes).Select(slot => LiveAndDieAsync(new Random(seed + slot), chats, emulator, relay, settings)));

        using var last = new BotProcess(settings);
        relay.Add(await last.Ready ?? throw new InvalidOperationException("The last bot does not start."));
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

    private async Task LiveAndDieAsync(Random dice, List<EmulatedChat> chats, ChatsEmulator emulator, Relay relay, Dictionary<string, string> settings)
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
            relay.Add(address!);
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

            relay.Remove(address);
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

        var byState = fates.GroupBy(fate => fate.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        var needless = fates.Count(fate => fate is { State: MessageState.NeedsAttention, Responses: 1 });
        await TestContext.Progress.WriteLineAsync(
            $"{database.Keys.Single()}, seed {seed}: {kills - _stopped} kills, {_stopped} stops, {processes} processes at once; {emulator.Faults.AppliedCount} faults; " +
            $"{fates.Count} messages: {string.Join(", ", byState)} (of those for a human, {needless} had been sent); " +
            $"{responses.Sum(group => group.Count())} responses in the chats; {_time.Elapsed.TotalSeconds:0} s");

        Assert.That(History.Violations(fates), Is.Empty, $"Seed {seed}");
        Assert.That(responses.Sum(group => group.Count()), Is.EqualTo(fates.Sum(fate => fate.Responses)), $"Seed {seed}: a response that answers nothing.");
    }

    private async Task<int> OpenAsync()
    {
        await using var context = open();
        try
        {
            return await context.Messages.CountAsync(row =>
                row.State == MessageState.Received || row.State == MessageState.Answering || row.State == MessageState.InDoubt);
        }
        catch (DbException)
        {
            return _questions.Count; // No bot has lived long enough to create the table.
        }
    }

    private Dictionary<string, string> Settings(ChatsEmulator emulator) => new(database)
    {
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
