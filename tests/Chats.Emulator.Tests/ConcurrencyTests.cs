using System.Collections.Concurrent;
using System.Text;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Many callers at once: the record, the chats and what the callers were told agree.</summary>
public sealed class ConcurrencyTests
{
    private const int Callers = 16;
    private const int CallsEach = 150;

    [Test]
    public async Task Every_send_is_in_its_chat_exactly_once()
    {
        await using var emulator = await StartAsync();

        var told = await SendAsync(emulator);

        var messages = AllMessages(emulator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(told.Values, Is.All.EqualTo(200));
            Assert.That(messages.Select(it => it.Text), Is.EquivalentTo(told.Keys));
            Assert.That(messages.Select(it => it.Id), Is.Unique);
            Assert.That(messages.Where(it => !it.Text!.EndsWith($" to {it.Chat.Id}", StringComparison.Ordinal)),
                Is.Empty, "in another chat");
            Assert.That((emulator.Requests.Total, emulator.Requests.TotalDelivered),
                Is.EqualTo(((long)Callers * CallsEach, (long)Callers * CallsEach)));
            foreach (var chat in emulator.Businesses.Single().Chats)
            {
                Assert.That(chat.Messages.Select(it => it.Id), Is.Ordered);
            }
        }
    }

    [Test]
    public async Task A_quota_is_used_up_to_the_last_call_and_not_further()
    {
        await using var emulator = await StartAsync(options => options.HourlyQuota = 1000);

        var told = await SendAsync(emulator);

        Assert.That(told.Values.Count(status => status == 200), Is.EqualTo(1000));
        Assert.That(told.Values.Count(status => status == 420), Is.EqualTo((Callers * CallsEach) - 1000));
        Assert.That(AllMessages(emulator), Has.Length.EqualTo(1000));
    }

    private static EmulatedMessage[] AllMessages(ChatsEmulator emulator) =>
        [.. emulator.FindBusiness(1)!.Chats.SelectMany(chat => chat.Messages)];

    /// <summary>What each caller was told of each text: a status, or null for no understandable answer.</summary>
    private static async Task<ConcurrentDictionary<string, int?>> SendAsync(ChatsEmulator emulator)
    {
        using var client = new HttpClient { BaseAddress = emulator.BaseAddress, DefaultRequestHeaders = { { "Api-Key", "key" } } };
        var told = new ConcurrentDictionary<string, int?>();
        await Task.WhenAll(Enumerable.Range(1, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 1; i <= CallsEach; i++)
            {
                var chatId = (caller % 4) + 1;
                var text = $"{caller}/{i} to {chatId}";
                told[text] = await SendAsync(client, chatId, text);
            }
        })));
        return told;
    }

    private static async Task<int?> SendAsync(HttpClient client, int chatId, string text)
    {
        using var content = new StringContent($$"""{"message":"{{text}}"}""", Encoding.UTF8, "application/json");
        try
        {
            using var response = await client.PostAsync(new Uri($"businesses/1/chats/message?chatId={chatId}", UriKind.Relative), content);
            var isOk = await response.Content.ReadAsStringAsync() == """{"status":"OK"}""";
            return (int)response.StatusCode != 200 || isOk ? (int)response.StatusCode : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<ChatsEmulator> StartAsync(Action<ChatsEmulatorOptions>? configure = null)
    {
        var options = new ChatsEmulatorOptions { ParallelLimit = null, HourlyQuota = null, RequestsKept = 10_000 };
        options.TimeProvider = new ManualClock();
        configure?.Invoke(options);
        var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("key", "communication");
        var business = emulator.AddBusiness(1);
        for (var chatId = 1; chatId <= 4; chatId++)
        {
            business.AddChat(chatId);
        }

        return emulator;
    }
}
