using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>The emulator sends notifications as fast as it can, each twice, and one call of the handler in ten fails.</summary>
[NonParallelizable]
public sealed class LoadTests
{
    private const int Messages = 500;

    [Test]
    public async Task No_notification_is_lost_or_confirmed_early()
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
            NotificationRetryDelay = _ => TimeSpan.FromMilliseconds(50),
        });
        (emulator.Notifications.Url, emulator.Notifications.Copies) = (new Uri(shop.Address, "notification"), 2);
        var (accepted, early) = (0, 0);
        emulator.Notifications.Attempted += attempt =>
        {
            if (attempt is { IsAccepted: true, Message: { } message })
            {
                Interlocked.Increment(ref accepted);
                Interlocked.Add(ref early, done.ContainsKey($"{message.Id}") ? 0 : 1);
            }
        };
        var chat = emulator.AddBusiness(1).AddChat(2);
        for (var message = 0; message < Messages; message++)
        {
            chat.Receive("Where is my order?");
        }

        await Until.TrueAsync(() => emulator.Notifications.Pending == 0);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(chat.Messages.Count(message => done.ContainsKey($"{message.Id}")), Is.EqualTo(Messages), "Each is handled at least once.");
        Assert.That((accepted, early), Is.EqualTo((2 * Messages, 0)), "None is confirmed before its handler has completed.");
        Assert.That(calls - failures, Is.EqualTo(Messages + 1), "No duplicate reaches the handler; CHAT_CREATED is one call more.");
        Assert.That(failures, Is.GreaterThan(Messages / 20));
    }
}
