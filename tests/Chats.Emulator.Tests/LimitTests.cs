using System.Net.Sockets;

namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>4 at once per business, 1000 an hour per operation and business, on a clock that the test moves.</summary>
public sealed class LimitTests
{
    private const string Read = "/v2/businesses/1/chats/message?chatId=2&messageId=1";
    private const string Send = "/v2/businesses/1/chats/message?chatId=2";
    private const string Hi = """{"message":"Hi"}""";

    private readonly ManualClock _clock = new();

    [Test]
    public async Task The_1001st_call_of_an_hour_is_420()
    {
        await using var emulator = await StartAsync();
        using var client = new HttpClient { BaseAddress = emulator.BaseAddress, DefaultRequestHeaders = { { "Api-Key", "key" } } };
        for (var i = 0; i < 1000; i++)
        {
            using var response = await client.GetAsync(new Uri(Read, UriKind.Relative));
            Assert.That((int)response.StatusCode, Is.EqualTo(200), $"call {i + 1}");
            Assert.That(response.Headers.GetValues("X-RateLimit-Resource-Remaining"), Is.EqualTo(new[] { $"{999 - i}" }));
        }

        var refused = await Wire.GetAsync(emulator, Read);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.StatusLine, Is.EqualTo("HTTP/1.1 420 Enhance Your Calm"));
            Assert.That(refused.ErrorCode, Is.EqualTo("OTHER"));
            Assert.That(refused.ErrorMessage,
                Is.EqualTo("Hit rate limit of '1000' requests per '1 HOUR' for resource 'getChatMessage' for businessId '1'"));
            Assert.That(Quota(refused), Is.EqualTo(("1000", "0", "Fri, 21 Nov 2025 11:00:00 GMT")));
            Assert.That(refused.Header("Retry-After"), Is.Null);
            Assert.That(refused.Header("Date"), Is.EqualTo("Fri, 21 Nov 2025 10:20:30 GMT"));
        }
    }

    [Test]
    public async Task A_new_hour_of_the_clock_brings_a_new_quota()
    {
        await using var emulator = await StartAsync();
        emulator.FindBusiness(1)!.UseQuota(EmulatedOperation.SendMessageToChat, 1000);

        var before = await Wire.PostAsync(emulator, Send, Hi);
        _clock.Advance(new DateTimeOffset(2025, 11, 21, 10, 59, 59, 999, TimeSpan.Zero) - _clock.GetUtcNow());
        var stillBefore = await Wire.PostAsync(emulator, Send, Hi);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var after = await Wire.PostAsync(emulator, Send, Hi);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before.Status, stillBefore.Status, after.Status), Is.EqualTo((420, 420, 200)));
            Assert.That(Quota(after), Is.EqualTo(("1000", "999", "Fri, 21 Nov 2025 12:00:00 GMT")));
            Assert.That(emulator.FindBusiness(1)!.FindChat(2)!.Messages, Has.Count.EqualTo(2));
        }
    }

    [Test]
    public async Task The_hours_can_be_shorter()
    {
        await using var emulator = await ChatsEmulator.StartAsync(new() { TimeProvider = _clock, QuotaPeriod = TimeSpan.FromMinutes(15), HourlyQuota = 1 });
        emulator.AddKey("key", "communication");
        emulator.AddBusiness(1).AddChat(2);

        var first = await Wire.PostAsync(emulator, Send, Hi);
        var second = await Wire.PostAsync(emulator, Send, Hi);
        _clock.Advance(new DateTimeOffset(2025, 11, 21, 10, 30, 0, TimeSpan.Zero) - _clock.GetUtcNow());
        var third = await Wire.PostAsync(emulator, Send, Hi);

        Assert.That((first.Status, second.Status, third.Status), Is.EqualTo((200, 420, 200)));
        Assert.That((Quota(first).Until, Quota(third).Until), Is.EqualTo(("Fri, 21 Nov 2025 10:30:00 GMT", "Fri, 21 Nov 2025 10:45:00 GMT")));
    }

    [Test]
    public async Task Each_operation_and_each_business_has_its_own_quota()
    {
        await using var emulator = await StartAsync();
        emulator.AddBusiness(5).AddChat(2);
        emulator.FindBusiness(1)!.UseQuota(EmulatedOperation.SendMessageToChat, 5000);

        var used = await Wire.PostAsync(emulator, Send, Hi);
        var read = await Wire.GetAsync(emulator, Read);
        var elsewhere = await Wire.PostAsync(emulator, "/v2/businesses/5/chats/message?chatId=2", Hi);

        Assert.That((used.Status, read.Status, elsewhere.Status), Is.EqualTo((420, 200, 200)));
        Assert.That(used.ErrorMessage, Does.Contain("resource 'sendMessageToChat'"));
        Assert.That((Quota(read).Remaining, Quota(elsewhere).Remaining), Is.EqualTo(("999", "999")));
    }

    [TestCase(200, "key", Read, ExpectedResult = 999)]
    [TestCase(400, "key", Send, ExpectedResult = 999, Description = "messageId is missing")]
    [TestCase(404, "key", Read + "0", ExpectedResult = 999)]
    [TestCase(403, "manager", Read, ExpectedResult = 999)]
    [TestCase(401, "dead", Read, ExpectedResult = 1000, Description = "nobody knows whose call it is")]
    public async Task<int?> What_counts_and_what_the_headers_say(int status, string key, string target)
    {
        await using var emulator = await StartAsync();

        var answer = await Wire.GetAsync(emulator, target, key);

        var left = emulator.FindBusiness(1)!.RemainingQuota(EmulatedOperation.GetChatMessage);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(Quota(answer), Is.EqualTo(("1000", $"{left}", "Fri, 21 Nov 2025 11:00:00 GMT")));
        return left;
    }

    [Test]
    public async Task A_420_and_a_5xx_do_not_count([Values(false, true)] bool afterTaking)
    {
        await using var emulator = await StartAsync();
        emulator.FindBusiness(1)!.UseQuota(EmulatedOperation.SendMessageToChat, 999);
        emulator.Faults.Next(afterTaking ? ChatsFault.InternalServerError.AfterDelivery() : ChatsFault.InternalServerError);

        var failed = await Wire.PostAsync(emulator, Send, Hi);
        var leftAfterFailure = emulator.FindBusiness(1)!.RemainingQuota(EmulatedOperation.SendMessageToChat);
        var last = await Wire.PostAsync(emulator, Send, Hi);
        var refused = await Wire.PostAsync(emulator, Send, Hi);

        Assert.That((failed.Status, leftAfterFailure, last.Status, refused.Status), Is.EqualTo((500, 1, 200, 420)));
        Assert.That(failed.Header("X-RateLimit-Resource-Remaining"), Is.EqualTo(afterTaking ? "1" : null));
    }

    [Test]
    public async Task The_fifth_call_at_once_is_420_whatever_the_operation()
    {
        await using var emulator = await StartAsync();
        emulator.AddBusiness(5).AddChat(2);
        var held = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            held.Add(await StallAsync(emulator, i % 2 == 0 ? Wire.Request("GET", Read, "key", "") : PostRequest()));
        }

        var fifthRead = await Wire.GetAsync(emulator, Read);
        var fifthSend = await Wire.PostAsync(emulator, Send, Hi);
        var elsewhere = await Wire.PostAsync(emulator, "/v2/businesses/5/chats/message?chatId=2", Hi);
        Assert.That(emulator.FindBusiness(1)!.CallsUnderWay, Is.EqualTo(4));
        await HangUpAsync(emulator, held[0]);
        var again = await Wire.GetAsync(emulator, Read);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((fifthRead.Status, fifthSend.Status, elsewhere.Status, again.Status), Is.EqualTo((420, 420, 200, 200)));
            Assert.That(fifthRead.ErrorMessage, Is.EqualTo("Hit rate limit of '4' parallel requests for businessId '1'"));
            Assert.That(fifthSend.ErrorMessage, Is.EqualTo("Hit rate limit of '4' parallel requests for businessId '1'"));
            Assert.That(Quota(fifthRead), Is.EqualTo(("1000", "998", "Fri, 21 Nov 2025 11:00:00 GMT")), "two reads are under way");
            Assert.That(Quota(again).Remaining, Is.EqualTo("997"), "the refused one did not count");
        }

        held.ForEach(socket => socket.Dispose());
    }

    [Test]
    public async Task Four_callers_who_wait_for_each_answer_are_never_too_many()
    {
        await using var emulator = await StartAsync(options => options.HourlyQuota = null);
        using var client = new HttpClient { BaseAddress = emulator.BaseAddress, DefaultRequestHeaders = { { "Api-Key", "key" } } };

        var statuses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<int>();
            for (var i = 0; i < 500; i++)
            {
                using var response = await client.GetAsync(new Uri(Read, UriKind.Relative));
                seen.Add((int)response.StatusCode);
            }

            return seen;
        })));

        Assert.That(statuses.SelectMany(seen => seen).Distinct(), Is.EqualTo(new[] { 200 }));
        Assert.That(emulator.Requests.Total, Is.EqualTo(2000));
    }

    [Test]
    public async Task A_call_has_left_its_place_before_its_answer_leaves()
    {
        await using var emulator = await StartAsync();
        var underWay = new List<int>();
        emulator.Requests.Recorded += _ => underWay.Add(emulator.FindBusiness(1)!.CallsUnderWay);

        await Wire.GetAsync(emulator, Read);
        await Wire.PostAsync(emulator, Send, Hi);

        Assert.That(underWay, Is.EqualTo(new[] { 0, 0 }));
    }

    [Test]
    public async Task Both_limits_can_be_set_and_switched_off()
    {
        await using var strict = await StartAsync(options => (options.ParallelLimit, options.HourlyQuota) = (1, 1));
        await using var free = await StartAsync(options => (options.ParallelLimit, options.HourlyQuota) = (null, null));

        using var held = await StallAsync(strict, Wire.Request("GET", Read, "key", ""));
        var second = await Wire.GetAsync(strict, Read);
        await HangUpAsync(strict, held);
        var third = await Wire.GetAsync(strict, Read);
        var unlimited = await Wire.GetAsync(free, Read);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.ErrorMessage, Is.EqualTo("Hit rate limit of '1' parallel requests for businessId '1'"));
            Assert.That(third.ErrorMessage,
                Is.EqualTo("Hit rate limit of '1' requests per '1 HOUR' for resource 'getChatMessage' for businessId '1'"));
            Assert.That(Quota(unlimited), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
            Assert.That(free.FindBusiness(1)!.RemainingQuota(EmulatedOperation.GetChatMessage), Is.Null);
            Assert.That(() => free.FindBusiness(1)!.UseQuota(EmulatedOperation.GetChatMessage, 1), Throws.InvalidOperationException);
        }
    }

    private async Task<ChatsEmulator> StartAsync(Action<ChatsEmulatorOptions>? configure = null)
    {
        var options = new ChatsEmulatorOptions { TimeProvider = _clock };
        configure?.Invoke(options);
        var emulator = await ChatsEmulator.StartAsync(options);
        emulator.AddKey("key", "communication");
        emulator.AddKey("manager", "settings-management");
        emulator.AddBusiness(1).AddChat(2).Receive("Hello?");
        return emulator;
    }

    private static string PostRequest() =>
        Wire.Request("POST", Send, "key", $"Content-Type: application/json\r\nContent-Length: {Hi.Length}\r\n") + Hi;

    /// <summary>A call that the service has handled and that holds its place until the caller hangs up.</summary>
    private static async Task<Socket> StallAsync(ChatsEmulator emulator, string request)
    {
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Recorded(RecordedRequest record) => stalled.TrySetResult();
        emulator.Requests.Recorded += Recorded;
        emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());
        var socket = await Wire.OpenAsync(emulator);
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(request));
        await stalled.Task.WaitAsync(Until.Patience);
        emulator.Requests.Recorded -= Recorded;
        return socket;
    }

    /// <summary>Closes our side and waits until the emulator has noticed.</summary>
    private static async Task HangUpAsync(ChatsEmulator emulator, Socket socket)
    {
        var business = emulator.FindBusiness(1)!;
        var before = business.CallsUnderWay;
        socket.Shutdown(SocketShutdown.Send);
        var answer = await Wire.ReadToEndAsync(socket);
        Assert.That(answer.Bytes, Is.Empty);
        await Until.TrueAsync(() => business.CallsUnderWay == before - 1);
    }

    private static (string? Limit, string? Remaining, string? Until) Quota(WireAnswer answer) => (
        answer.Header("X-RateLimit-Resource-Limit"),
        answer.Header("X-RateLimit-Resource-Remaining"),
        answer.Header("X-RateLimit-Resource-Until"));
}
