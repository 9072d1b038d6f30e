namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Many callers at once: the record, the chats and the responses agree.</summary>
public sealed class ConcurrencyTests : EmulatorTests
{
    private const int Callers = 16;
    private const int CallsEach = 30;

    protected override void Configure(ChatsEmulatorOptions options) =>
        (options.ParallelLimit, options.HourlyQuota, options.MaxRecordedRequests) = (null, null, 1_000);

    [Test]
    public async Task Every_accepted_send_is_in_its_chat_exactly_once_and_a_quota_is_used_up_to_the_last_call([Values(null, 200)] int? quota)
    {
        await RestartAsync(options => options.HourlyQuota = quota);

        var statuses = await SendAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(statuses.Values.Count(status => status == 200), Is.EqualTo(quota ?? (Callers * CallsEach)));
        Assert.That(statuses.Values.Where(status => status is not (200 or 420)), Is.Empty);
        Assert.That(Messages.Select(it => it.Text), Is.EquivalentTo(statuses.Where(it => it.Value == 200).Select(it => it.Key)));
        Assert.That(Messages.Select(it => it.Id), Is.Unique);
        Assert.That(Messages.Where(it => !it.Text!.EndsWith($" to {it.Chat.Id}", StringComparison.Ordinal)), Is.Empty, "in another chat");
        Assert.That((Emulator.Requests.Total, Emulator.Requests.TotalDelivered), Is.EqualTo(((long)Callers * CallsEach, (long)Messages.Count)));
        Assert.That(Business.Chats.Select(chat => chat.Messages.Select(it => it.Id)), Is.All.Ordered);
    }

    [Test]
    public async Task Threads_of_the_test_itself_lose_no_call_of_a_quota_and_no_message()
    {
        await RestartAsync(options => options.HourlyQuota = 1_000_000);
        EmulatedChat[] chats = [Chat, Business.AddChat(3)];

        Parallel.For(0, 50_000, _ => Business.UseQuota(EmulatedOperation.GetChatMessage, 1));
        Parallel.For(0, 50_000, i => chats[i % 2].Receive("Hello?"));

        Assert.That(Business.RemainingQuota(EmulatedOperation.GetChatMessage), Is.EqualTo(950_000));
        Assert.That(Messages.Select(it => it.Id).Distinct().Count(), Is.EqualTo(50_000));
    }

    private List<EmulatedMessage> Messages => [.. Business.Chats.SelectMany(chat => chat.Messages)];

    /// <summary>The status of each text, or null for an invalid response.</summary>
    private async Task<ConcurrentDictionary<string, int?>> SendAsync()
    {
        foreach (var id in new[] { 1, 3, 4 })
        {
            Business.AddChat(id);
        }

        using var client = new HttpClient { BaseAddress = Emulator.BaseAddress, DefaultRequestHeaders = { { "Api-Key", "key" } } };
        var statuses = new ConcurrentDictionary<string, int?>();
        await Task.WhenAll(Enumerable.Range(1, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 1; i <= CallsEach; i++)
            {
                var chatId = (caller % 4) + 1;
                var text = $"{caller}/{i} to {chatId}";
                statuses[text] = await SendAsync(client, chatId, text);
            }
        })));
        return statuses;
    }

    private static async Task<int?> SendAsync(HttpClient client, int chatId, string text)
    {
        using var content = new StringContent($$"""{"message":"{{text}}"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri($"businesses/1/chats/message?chatId={chatId}", UriKind.Relative), content);
        var isValid = (int)response.StatusCode != 200 || await response.Content.ReadAsStringAsync() == Sent;
        return isValid ? (int)response.StatusCode : null;
    }
}
