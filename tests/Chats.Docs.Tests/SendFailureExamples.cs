namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The README's catch blocks, against every fault of the emulator.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class WhenASendFailsTests
{
    private readonly ManualClock _clock = new();
    private readonly List<TimeSpan> _pauses = [];

    private static IEnumerable<TestCaseData> Faults => ChatsFault.All
        .Select(fault => new TestCaseData(fault).SetArgDisplayNames($"{fault}"));

    [TestCaseSource(nameof(Faults))]
    public async Task The_buyer_gets_the_text_exactly_once(ChatsFault fault)
    {
        await using var shop = await Shop.OpenAsync(new() { TimeProvider = _clock });
        shop.Emulator.Faults.Next(fault);

        await ReplyAsync(shop, "Ваш заказ уже в пути");

        Assert.That(shop.Chat.Messages.Select(message => message.Text), Is.EqualTo(new[] { "Ваш заказ уже в пути" }));
        Assert.That(shop.Emulator.Faults.Pending, Is.Zero, "The fault was not applied.");
    }

    [Test]
    public async Task It_waits_for_a_limit()
    {
        await using var shop = await Shop.OpenAsync(new() { TimeProvider = _clock, HourlyQuota = 1 });
        await ReplyAsync(shop, "one");

        await ReplyAsync(shop, "two");

        Assert.That(_pauses, Has.Count.EqualTo(1));
        Assert.That(_pauses[0], Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromHours(1)));
        Assert.That(shop.Chat.Messages.Select(message => message.Text), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task A_wrong_key_is_not_retried()
    {
        await using var shop = await Shop.OpenAsync(new() { TimeProvider = _clock });
        shop.Emulator.RevokeKey("key");

        Assert.That(async () => await ReplyAsync(shop, "text"), Throws.TypeOf<ChatsApiException>());
        Assert.That(shop.Emulator.Requests.Total, Is.EqualTo(1));
    }

    private async Task ReplyAsync(Shop shop, string text, CancellationToken cancellationToken = default)
    {
        const long businessId = 1, chatId = 2;
        var client = shop.Client;

        // A person, or a program of the shop: if the text is not in the chat, it is sent again.
        Task AskForReviewAsync(long chat, string lost) =>
            chat == shop.Chat.Id && shop.Chat.Messages.Any(message => message.Text == lost) ? Task.CompletedTask : ReplyAsync(shop, lost, cancellationToken);

        Task RetryLaterAsync(long chat, string unsent, TimeSpan? after)
        {
            Assert.That(chat, Is.EqualTo(shop.Chat.Id));
            _pauses.Add(after ?? TimeSpan.Zero);
            _clock.Advance(after ?? TimeSpan.Zero);
            return ReplyAsync(shop, unsent, cancellationToken);
        }

        // README: When a send fails
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, text, cancellationToken);
        }
        catch (Exception exception) when (exception is ChatsException { MayHaveBeenSent: true } or ChatsCanceledException { MayHaveBeenSent: true })
        {
            await AskForReviewAsync(chatId, text);   // the buyer may have it: a person has to look into the chat
        }
        catch (ChatsException exception) when (exception.IsTransient)
        {
            await RetryLaterAsync(chatId, text, exception.RetryAfter);   // the buyer has not received it
        }
        // end
    }
}
