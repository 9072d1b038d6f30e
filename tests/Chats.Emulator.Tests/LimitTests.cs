namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>4 parallel calls per business, 1000 an hour per operation and business.</summary>
public sealed class LimitTests : EmulatorTests
{
    [SetUp]
    public void AddMessage() => Chat.Receive("Hello?");

    [Test]
    public async Task The_1001st_call_of_an_hour_gets_a_420()
    {
        Business.UseQuota(EmulatedOperation.GetChatMessage, 998);
        var remaining = new[] { await GetAsync(), await GetAsync() }.Select(it => (it.Status, Quota(it).Remaining)).ToArray();

        var rejected = await GetAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(remaining, Is.EqualTo(new[] { (200, "1"), (200, "0") }));
        Assert.That(rejected.StatusLine, Is.EqualTo("HTTP/1.1 420 Enhance Your Calm"));
        Assert.That(rejected.ErrorCode, Is.EqualTo("OTHER"));
        Assert.That(rejected.ErrorMessage,
            Is.EqualTo("Hit rate limit of '1000' requests per '1 HOUR' for resource 'getChatMessage' for businessId '1'"));
        Assert.That(Quota(rejected), Is.EqualTo(("1000", "0", "Fri, 21 Nov 2025 11:00:00 GMT")));
        Assert.That(rejected.Header("Retry-After"), Is.Null);
        Assert.That(rejected.Header("Date"), Is.EqualTo("Fri, 21 Nov 2025 10:20:30 GMT"));
    }

    [TestCase(60, "11:00:00", "12:00:00")]
    [TestCase(15, "10:30:00", "10:45:00")]
    public async Task Each_clock_hour_has_a_new_quota_and_hours_can_be_shortened(int minutes, string end, string next)
    {
        await RestartAsync(options => (options.QuotaPeriod, options.HourlyQuota) = (TimeSpan.FromMinutes(minutes), 1));

        var first = await PostAsync();
        Clock.RunUntil(DateTimeOffset.Parse($"2025-11-21T{end}Z", null).AddMilliseconds(-1));
        var second = await PostAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        var third = await PostAsync();

        Assert.That((first.Status, second.Status, third.Status, Chat.Messages.Count), Is.EqualTo((200, 420, 200, 2)));
        Assert.That(second.ErrorMessage, Does.StartWith("Hit rate limit of '1' requests per '1 HOUR'"));
        Assert.That((Quota(second), Quota(third)), Is.EqualTo((("1", "0", $"Fri, 21 Nov 2025 {end} GMT"), ("1", "0", $"Fri, 21 Nov 2025 {next} GMT"))));
    }

    [Test]
    public async Task Each_operation_and_each_business_has_its_own_quota()
    {
        Emulator.AddBusiness(5).AddChat(2);
        Business.UseQuota(EmulatedOperation.SendMessageToChat, 5000);

        var used = await PostAsync();
        var read = await GetAsync();
        var elsewhere = await PostAsync("/v2/businesses/5/chats/message?chatId=2");

        Assert.That((used.Status, read.Status, elsewhere.Status), Is.EqualTo((420, 200, 200)));
        Assert.That(used.ErrorMessage, Does.Contain("resource 'sendMessageToChat'"));
        Assert.That((Quota(read).Remaining, Quota(elsewhere).Remaining), Is.EqualTo(("999", "999")));
    }

    [TestCase(200, "key", Read, ExpectedResult = 999)]
    [TestCase(400, "key", Send, ExpectedResult = 999, Description = "messageId is missing")]
    [TestCase(404, "key", Read + "0", ExpectedResult = 999)]
    [TestCase(403, "manager", Read, ExpectedResult = 999)]
    [TestCase(401, "unknown", Read, ExpectedResult = 1000, Description = "it is not known whose call it is")]
    public async Task<int?> Which_calls_count_and_what_the_headers_say(int status, string key, string target)
    {
        Emulator.AddKey("manager", "settings-management");

        var response = await GetAsync(target, key);

        var remaining = Business.RemainingQuota(EmulatedOperation.GetChatMessage);
        Assert.That(response.Status, Is.EqualTo(status));
        Assert.That(Quota(response), Is.EqualTo(("1000", $"{remaining}", "Fri, 21 Nov 2025 11:00:00 GMT")));
        return remaining;
    }

    [Test]
    public async Task A_420_and_a_5xx_do_not_count([Values] bool after)
    {
        Business.UseQuota(EmulatedOperation.SendMessageToChat, 999);
        Emulator.Faults.Next(after ? ChatsFault.InternalServerError.AfterDelivery() : ChatsFault.InternalServerError);

        var failed = await PostAsync();
        var remaining = Business.RemainingQuota(EmulatedOperation.SendMessageToChat);
        var last = await PostAsync();
        var rejected = await PostAsync();

        Assert.That((failed.Status, remaining, last.Status, rejected.Status), Is.EqualTo((500, 1, 200, 420)));
        Assert.That(failed.Header("X-RateLimit-Resource-Remaining"), Is.EqualTo(after ? "1" : null));
    }

    [Test]
    public async Task One_parallel_call_too_many_is_420_whatever_the_operation([Values] bool after, [Values(1, 4)] int limit)
    {
        await RestartAsync(options => options.ParallelLimit = limit);
        Chat.Receive("Hello?");
        Emulator.AddBusiness(5).AddChat(2);
        var stalled = new List<Socket>();
        for (var i = 0; i < limit; i++)
        {
            Emulator.Faults.Next(after ? ChatsFault.Stall.AfterDelivery() : ChatsFault.Stall);
            stalled.Add(await OpenAsync(i % 2 == 0 ? Get() : Post()));
            await UntilRecordedAsync(i + 1);
        }

        Emulator.Faults.Next(ChatsFault.Stall);
        var read = await GetAsync();
        var send = await PostAsync();
        var elsewhere = await PostAsync("/v2/businesses/5/chats/message?chatId=2");
        Assert.That(Business.CallsInProgress, Is.EqualTo(limit));
        stalled[0].Shutdown(SocketShutdown.Send);
        Assert.That((await RawResponse.ReadToEndAsync(stalled[0])).Bytes, Is.Empty);
        await Until.TrueAsync(() => Business.CallsInProgress == limit - 1);
        var inProgress = -1;
        Emulator.Requests.Recorded += _ => inProgress = Business.CallsInProgress;
        var again = await GetAsync();
        stalled.ForEach(socket => socket.Dispose());

        using var scope = Assert.EnterMultipleScope();
        Assert.That((read.Status, send.Status, elsewhere.Status, again.Status), Is.EqualTo((420, 420, 200, 200)));
        Assert.That(read.ErrorMessage, Is.EqualTo($"Hit rate limit of '{limit}' parallel requests for businessId '1'"));
        Assert.That(send.ErrorMessage, Is.EqualTo(read.ErrorMessage));
        var used = after ? (limit + 1) / 2 : 0;
        Assert.That(Quota(read), Is.EqualTo(("1000", $"{1000 - used}", "Fri, 21 Nov 2025 11:00:00 GMT")), "the reads in progress");
        Assert.That(Quota(again).Remaining, Is.EqualTo($"{999 - used}"), "the rejected one did not count");
        Assert.That(inProgress, Is.EqualTo(limit - 1), "A call is no longer in progress when its response is sent.");
    }

    [Test]
    public async Task Of_many_sends_at_once_each_accepted_one_is_in_its_chat_once_and_the_quota_is_used_up_to_the_last()
    {
        await RestartAsync(options => (options.ParallelLimit, options.HourlyQuota) = (null, 200));
        Business.AddChat(3);
        var accepted = new ConcurrentBag<string>();

        await Parallel.ForAsync(0, 480, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var chat = 2 + (i % 2);
            var response = await PostAsync($"{Target}?chatId={chat}", $$"""{"message":"{{i}} to {{chat}}"}""");
            if (response.Status != 420)
            {
                accepted.Add($"{response.Body} {i} to {chat}");
            }
        });

        var messages = Business.Chats.SelectMany(chat => chat.Messages).ToList();
        Assert.That(accepted, Has.Count.EqualTo(200).And.EquivalentTo(messages.Select(it => $"{Sent} {it.Text}")));
        Assert.That(messages.Where(it => !it.Text!.EndsWith($" to {it.Chat.Id}", StringComparison.Ordinal)), Is.Empty, "in another chat");
        Assert.That((Emulator.Requests.Total, Emulator.Requests.TotalDelivered), Is.EqualTo((480L, 200L)));
    }

    [Test]
    public async Task Threads_of_the_test_itself_lose_no_call_of_a_quota_and_no_message()
    {
        await RestartAsync(options => options.HourlyQuota = 1_000_000);
        EmulatedChat[] chats = [Chat, Business.AddChat(3)];

        Parallel.For(0, 50_000, _ => Business.UseQuota(EmulatedOperation.GetChatMessage, 1));
        Parallel.For(0, 50_000, i => chats[i % 2].Receive("Hello?"));

        Assert.That(Business.RemainingQuota(EmulatedOperation.GetChatMessage), Is.EqualTo(950_000));
        var ids = chats.Select(chat => chat.Messages.Select(it => it.Id)).ToList();
        Assert.That(ids, Is.All.Ordered);
        Assert.That(ids.SelectMany(it => it).Distinct().Count(), Is.EqualTo(50_000));
    }

    [Test]
    public async Task Both_limits_can_be_switched_off()
    {
        await RestartAsync(options => (options.ParallelLimit, options.HourlyQuota) = (null, null));

        Assert.That(Quota(await GetAsync()), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
        Assert.That(Business.RemainingQuota(EmulatedOperation.GetChatMessage), Is.Null);
        Assert.That(() => Business.UseQuota(EmulatedOperation.GetChatMessage, 1), Throws.InvalidOperationException);
    }

    private static (string? Limit, string? Remaining, string? Until) Quota(RawResponse response) => (
        response.Header("X-RateLimit-Resource-Limit"),
        response.Header("X-RateLimit-Resource-Remaining"),
        response.Header("X-RateLimit-Resource-Until"));
}
