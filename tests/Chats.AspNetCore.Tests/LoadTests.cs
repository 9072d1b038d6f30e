using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>The emulator sends notifications as fast as it can, each twice, and one call of the handler in ten fails.</summary>
[NonParallelizable]
public sealed class LoadTests
{
    private const int Batch = 250;

    [Test]
    public Task No_notification_of_500_is_lost_or_confirmed_early() => RunAsync(500);

    [Test]
    [Slow]
    public Task No_notification_of_10000_is_lost_or_confirmed_early() => RunAsync(10_000);

    private static async Task RunAsync(int messages)
    {
        await using var shop = await Shop.StartAsync(new Shop.Setup { LogLevel = LogLevel.Warning });
        var done = new ConcurrentDictionary<string, bool>();
        var (calls, failures) = (0, 0);
        shop.Recorder.Behavior = async (call, token) =>
        {
            await Task.Yield();
            if (Interlocked.Increment(ref calls) % 10 == 0)
            {
                Interlocked.Increment(ref failures);
                throw new InvalidOperationException("One in ten.");
            }

            done[call.Split(' ')[3]] = true;
        };
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            MaxConcurrentNotifications = 64,
            PingTimeout = TimeSpan.FromMinutes(1),
            NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(50),
        });
        (emulator.Notifications.Url, emulator.Notifications.Copies) = (new Uri(shop.Address, "notification"), 2);
        var (accepted, early, attempts) = (0, 0, 0);
        emulator.Notifications.Attempted += attempt =>
        {
            if (attempt is { IsAccepted: true, Message: { } message })
            {
                Interlocked.Increment(ref accepted);
                Interlocked.Add(ref early, done.ContainsKey($"{message.Id}") ? 0 : 1);
            }

            Interlocked.Increment(ref attempts);
        };
        var chat = emulator.AddBusiness(1).AddChat(2);
        await emulator.Notifications.PingAsync();
        var start = Stopwatch.GetTimestamp();
        var (pings, plain) = (new List<NotificationAttempt>(), new List<TimeSpan>());
        for (var sent = 0; sent < messages;)
        {
            for (var i = 0; i < Math.Min(Batch, messages); i++, sent++)
            {
                chat.Receive("Where is my order?");
            }

            do
            {
                pings.Add(await emulator.Notifications.PingAsync());
                plain.Add(await shop.PlainAsync());
                await Task.Delay(20);
            }
            while (emulator.Notifications.Pending > 0);
        }

        var took = Stopwatch.GetElapsedTime(start);
        TestContext.Out.WriteLine(
            $"{messages} messages, {attempts} attempts, {calls} handler calls, {failures} failed, in {took.TotalSeconds:0.0} s; "
            + $"{pings.Count} PINGs, the slowest {pings.Max(ping => ping.Duration).TotalMilliseconds:0} ms, "
            + $"the slowest response of an endpoint that does nothing {plain.Max().TotalMilliseconds:0} ms");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(chat.Messages.Count(message => done.ContainsKey($"{message.Id}")), Is.EqualTo(messages), "Each is handled at least once.");
            Assert.That((accepted, early), Is.EqualTo((2 * messages, 0)), "None is confirmed before its handler has completed.");
            Assert.That(calls - failures, Is.EqualTo(messages + 1), "No duplicate reaches the handler; CHAT_CREATED is one call more.");
            Assert.That(failures, Is.GreaterThan(messages / 20));
            Assert.That(pings.Select(ping => ping.IsAccepted), Is.All.True);
            Assert.That(pings.Max(ping => ping.Duration), Is.LessThan(Shop.PingLimit(plain)));
        }
    }
}
