using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The README's catch blocks, against every fault of the emulator.</summary>
[Parallelizable(ParallelScope.All)]
public class WhenASendFailsTests
{
    private static IEnumerable<TestCaseData> Faults => ChatsFault.All
        .Select(fault => new TestCaseData(fault).SetArgDisplayNames($"{fault.Kind}, {(fault.IsAfterDelivery ? "after" : "before")} delivery"));

    [TestCaseSource(nameof(Faults))]
    public async Task The_buyer_gets_the_text_exactly_once(ChatsFault fault)
    {
        await using var shop = await Shop.OpenAsync();
        shop.Emulator.Faults.Next(fault);

        await shop.AnswerAsync("Ваш заказ уже в пути", default);

        Assert.That(shop.Chat.Messages.Select(message => message.Text), Is.EqualTo(new[] { "Ваш заказ уже в пути" }));
        Assert.That(shop.Emulator.Faults.Pending, Is.Zero, "The fault was not applied.");
    }

    [Test]
    public async Task It_waits_for_a_limit()
    {
        await using var shop = await Shop.OpenAsync(hourlyQuota: 1);
        await shop.AnswerAsync("one", default);

        await shop.AnswerAsync("two", default);

        Assert.That(shop.Pauses, Has.Count.EqualTo(1));
        Assert.That(shop.Pauses[0], Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        Assert.That(shop.Chat.Messages.Select(message => message.Text), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task A_wrong_key_is_not_retried()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Emulator.RevokeKey("key");

        Assert.That(async () => await shop.AnswerAsync("text", default), Throws.TypeOf<ChatsApiException>());
        Assert.That(shop.Emulator.Requests.Total, Is.EqualTo(1));
    }

    private sealed class Shop : IAsyncDisposable
    {
        private readonly ChatsClient _chats;
        private readonly ManualClock _clock;

        private Shop(ChatsEmulator emulator, ManualClock clock)
        {
            Emulator = emulator;
            _clock = clock;
            emulator.AddKey("key", "communication");
            Chat = emulator.AddBusiness(1).AddChat(2);
            _chats = new ChatsClient(new ChatsClientOptions { ApiKey = "key", BaseAddress = emulator.BaseAddress });
        }

        public ChatsEmulator Emulator { get; }

        public EmulatedChat Chat { get; }

        public List<TimeSpan> Pauses { get; } = [];

        public static async Task<Shop> OpenAsync(int? hourlyQuota = 1000)
        {
            var clock = new ManualClock();
            return new Shop(await ChatsEmulator.StartAsync(new ChatsEmulatorOptions { TimeProvider = clock, HourlyQuota = hourlyQuota }), clock);
        }

        public async Task AnswerAsync(string text, CancellationToken cancellationToken)
        {
            const long businessId = 1, chatId = 2;
            var client = _chats;
            // README: When a send fails
            try
            {
                await client.SendMessageToChatAsync(businessId, chatId, text, cancellationToken);
            }
            catch (ChatsException failure) when (failure.MayHaveBeenSent)
            {
                await LookIntoChatAsync(chatId, text);   // the buyer may have it: never retry it blindly
            }
            catch (ChatsException failure) when (failure.IsTransient)
            {
                await RetryLaterAsync(chatId, text, failure.RetryAfter);   // the buyer has not received it
            }
            // end
        }

        public async ValueTask DisposeAsync()
        {
            _chats.Dispose();
            await Emulator.DisposeAsync();
        }

        // A person, or a program of the shop: if the text is not in the chat, it is sent again.
        private Task LookIntoChatAsync(long chatId, string text) =>
            Chat.Id == chatId && Chat.Messages.Any(message => message.Text == text) ? Task.CompletedTask : AnswerAsync(text, default);

        private Task RetryLaterAsync(long chatId, string text, TimeSpan? after)
        {
            Assert.That(chatId, Is.EqualTo(Chat.Id));
            Pauses.Add(after ?? TimeSpan.Zero);
            _clock.Advance(after ?? TimeSpan.Zero);
            return AnswerAsync(text, default);
        }
    }
}
