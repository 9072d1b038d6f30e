namespace YandexMarket.Chats.Emulator.Tests;

/// <summary>Each fault as the caller's socket sees it, what was delivered, and which calls have a fault.</summary>
public sealed class FaultTests : EmulatorTests
{
    // All bytes of the response to a send.
    private static readonly Dictionary<string, string> _onTheWire = new()
    {
        [ChatsFault.ResponseLost.Name] = "^$",
        [ChatsFault.ConnectionReset.Name] = "^$",
        [ChatsFault.TruncatedBody.Name] = """^HTTP/1\.1 200 OK\r\n(?=.*Content-Length: 15\r\n)(?=.*traceparent: ).*\r\n\r\n\{"statu$""",
        [ChatsFault.HtmlPage.Name] = """^HTTP/1\.1 200 OK\r\n.*Content-Type: text/html; charset=utf-8\r\n.*\r\n\r\n<!doctype html>""",
        [ChatsFault.Garbage.Name] = "^(?!.*HTTP/).+$",
        [ChatsFault.InternalServerError.Name] =
            """^HTTP/1\.1 500 Internal Server Error\r\n.*"code":"INTERNAL_SERVER_ERROR","message":"Internal server error"\}\]\}$""",
        [ChatsFault.ServiceUnavailable.Name] =
            """^HTTP/1\.1 503 Service .*"code":"SERVICE_UNAVAILABLE","message":"Service temporarily unavailable. Please, try again later"\}\]\}$""",
        [ChatsFault.ErrorEnvelope.Name] = """^HTTP/1\.1 200 OK\r\n.*\r\n\r\n\{"status":"ERROR","errors":\[\{"code":"OTHER",""",
        [ChatsFault.MissingStatus.Name] = """^HTTP/1\.1 200 OK\r\n.*\r\n\r\n\{\}$""",
    };

    [TestCaseSource(typeof(ChatsFault), nameof(ChatsFault.All))]
    public async Task The_response_is_that_of_the_fault_and_the_record_says_what_was_delivered(ChatsFault fault)
    {
        Emulator.Faults.Next(fault);

        var response = await PostAsync();
        var messages = Chat.Messages;
        var next = await PostAsync();

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Regex.IsMatch(response.Text, _onTheWire[fault.Name], RegexOptions.Singleline), Is.True, response.Text);
        Assert.That(response.WasReset, Is.EqualTo(fault.Name == ChatsFault.ConnectionReset.Name));
        Assert.That(messages.Select(it => (it.Sender, it.Text)),
            Is.EqualTo(fault.IsAfterDelivery ? new[] { (EmulatedSender.Partner, "Hi") } : []));
        var record = Emulator.Requests.First();
        Assert.That((record.Fault, record.WasDelivered, record.DeliveredMessageId),
            Is.EqualTo((fault, fault.IsAfterDelivery, messages.SingleOrDefault()?.Id)));
        Assert.That(record.Status, Is.EqualTo(response.Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? response.Status : null));
        var code = Regex.Match(response.Text, "\"code\":\"(\\w+)\"");
        Assert.That(record.ErrorCode, Is.EqualTo(code.Success ? code.Groups[1].Value : null));
        Assert.That((next.Status, next.Body, Emulator.Requests.Total, Emulator.Requests.TotalDelivered),
            Is.EqualTo((200, Sent, 2, fault.IsAfterDelivery ? 2 : 1)));
        Assert.That((Emulator.Faults.AppliedCount, Emulator.Faults.Pending), Is.EqualTo((1, 0)));
    }

    [TestCase(420, "<html>Slow down</html>", "text/html", "420 Enhance Your Calm")]
    [TestCase(423, """{"status":"ERROR","errors":[{"code":"LOCKED","message":"Business is in migration"}]}""", "application/json", "423 Locked")]
    [TestCase(302, "", "text/plain; charset=utf-8", "302 Found")]
    [TestCase(200, """{"status":"OK","errors":null,"новое":1}""", "application/json", "200 OK")]
    [TestCase(204, "", "application/json", "204 No Content")]
    [TestCase(205, "", "application/json", "205 Reset Content")]
    [TestCase(304, "", "application/json", "304 Not Modified")]
    [TestCase(599, "?", "application/json", "599 ")]
    public async Task A_response_of_ones_own_is_sent_as_it_is_before_or_after_delivery(int status, string body, string type, string line)
    {
        var fault = ChatsFault.Response(status, body, type);
        Emulator.Faults.Next(fault);
        Emulator.Faults.Next(fault.AfterDelivery());

        var (before, delivered, after) = (await PostAsync(), Emulator.Requests.TotalDelivered, await PostAsync());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((before.StatusLine, before.Body, before.Header("Content-Type"), delivered), Is.EqualTo(($"HTTP/1.1 {line}", body, type, 0)));
            Assert.That((after.StatusLine, after.Body, after.Header("Content-Type"), Chat.Messages.Count), Is.EqualTo(($"HTTP/1.1 {line}", body, type, 1)));
            Assert.That(Emulator.Requests.Select(it => (it.Fault, it.Status)),
                Is.EqualTo(new[] { (ChatsFault.Response(status, body, type), status), (fault.AfterDelivery(), status) }));
            Assert.That(Business.RemainingQuota(EmulatedOperation.SendMessageToChat), Is.EqualTo(status >= 500 ? 1000 : 999));
            Assert.That(fault.ToString(), Is.EqualTo("Response before delivery"));
        }
    }

    [Test]
    public async Task A_rejected_call_delivers_nothing_even_with_a_fault_after_delivery()
    {
        Emulator.Faults.Next(ChatsFault.ResponseLost);

        var response = await PostAsync(key: "unknown");

        var record = Emulator.Requests.Single();
        Assert.That((response.Text, record.Status, record.ErrorCode, record.WasDelivered), Is.EqualTo(("", (int?)null, "UNAUTHORIZED", false)));
        Assert.That(Chat.Messages, Is.Empty);
    }

    [TestCase(null, false, true, null, false)]
    [TestCase(null, true, true, null, true)]
    [TestCase(30, false, true, null, false)]
    [TestCase(30, true, true, 200, true)]
    [TestCase(30, false, false, 200, true)]
    [TestCase(30, true, false, 200, true)]
    public async Task A_stall_lasts_for_its_time_or_until_the_caller_disconnects(
        int? seconds, bool after, bool disconnects, int? recorded, bool delivered)
    {
        var stall = after ? ChatsFault.Stall.AfterDelivery() : ChatsFault.Stall;
        Emulator.Faults.Next(seconds is { } length ? stall.For(TimeSpan.FromSeconds(length)) : stall);
        using var socket = await OpenAsync(Post());

        await (seconds is null ? UntilRecordedAsync(1) : UntilDueAsync());
        var deliveredAtOnce = Chat.Messages.Count;
        Clock.Advance(seconds is null ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(29.9));
        var receivedTooEarly = socket.Available;
        if (disconnects)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        else
        {
            Clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        var response = await RawResponse.ReadToEndAsync(socket);
        Clock.Advance(TimeSpan.FromDays(1));

        using var scope = Assert.EnterMultipleScope();
        Assert.That((deliveredAtOnce, receivedTooEarly), Is.EqualTo((after ? 1 : 0, 0)));
        Assert.That((response.Status, disconnects ? response.Text : response.Body), Is.EqualTo(disconnects ? (0, "") : (200, Sent)));
        Assert.That(Emulator.Requests.Select(it => (it.Status, it.WasDelivered)), Is.EqualTo(new[] { (recorded, delivered) }));
        Assert.That(Chat.Messages, Has.Count.EqualTo(delivered ? 1 : 0));
    }

    [Test]
    public async Task A_slow_drip_sends_a_byte_at_a_time()
    {
        Emulator.Faults.Next(ChatsFault.SlowDrip.For(TimeSpan.FromSeconds(1)));
        using var socket = await OpenAsync(Post());

        var head = await ReadHeadAsync(socket);
        var body = "";
        for (var i = 0; i < 15; i++)
        {
            await UntilDueAsync();
            Assert.That(socket.Available, Is.Zero, "before the pause is over");
            Clock.Advance(TimeSpan.FromSeconds(1));
            body += await ReadUntilAsync(socket, text => text.Length == 1);
        }

        Assert.That(head, Does.StartWith("HTTP/1.1 200 OK\r\n"));
        Assert.That((body, Emulator.Requests.Single().WasDelivered), Is.EqualTo((Sent, true)));
    }

    [TestCase(true, "key", 200, 1)]
    [TestCase(true, "unknown", 401, 0)]
    [TestCase(false, "key", 200, 2)]
    public async Task Connections_can_be_closed_after_each_response_without_announcing_it(bool closes, string key, int status, int delivered)
    {
        await RestartAsync(options => options.CloseConnections = closes);
        var post = Post(key: key);
        using var socket = await OpenAsync(post.Replace("Connection: close\r\n", "", StringComparison.Ordinal));
        var head = await ReadHeadAsync(socket);
        var length = int.Parse(Regex.Match(head, "Content-Length: (\\d+)").Groups[1].Value, null);
        var body = await ReadUntilAsync(socket, text => text.Length == length);

        // The next send on the connection, by a caller who has not noticed.
        await socket.SendAsync(Encoding.UTF8.GetBytes(post));
        var second = await RawResponse.ReadToEndAsync(socket);

        Assert.That(head, Does.StartWith($"HTTP/1.1 {status} ").And.Not.Contain("Connection:"));
        Assert.That(body, Does.EndWith("}"));
        Assert.That((second.Status, Emulator.Requests.Total, Chat.Messages.Count), Is.EqualTo((closes ? 0 : 200, closes ? 1 : 2, delivered)));
    }

    [Test]
    public async Task Stopping_the_emulator_ends_stalled_calls()
    {
        Emulator.Faults.Next(ChatsFault.Stall);
        Emulator.Faults.Next(ChatsFault.Stall.For(TimeSpan.FromHours(1)));
        Emulator.Faults.Next(ChatsFault.ResponseLost);
        using var first = await OpenAsync(Post());
        await UntilRecordedAsync(1);
        using var second = await OpenAsync(Post());
        await UntilDueAsync();
        using var third = await OpenAsync(Post());
        await UntilRecordedAsync(2);

        await Emulator.DisposeAsync().AsTask().WaitAsync(Until.Timeout);

        var responses = await Task.WhenAll(new[] { first, second, third }.Select(RawResponse.ReadToEndAsync));
        Assert.That(responses.Select(it => it.Text), Is.EqualTo(new[] { "", "", "" }));
        Assert.That(() => OpenAsync(Post()), Throws.InstanceOf<SocketException>(), "the port is free");
    }

    [Test]
    public async Task Faults_of_an_operation_are_applied_in_their_order_then_at_random_until_they_are_cleared_and_to_no_other_address()
    {
        Emulator.Faults.Next(ChatsFault.InternalServerError, operation: EmulatedOperation.SendMessageToChat);
        Emulator.Faults.Next(ChatsFault.InternalServerError, times: 2);
        Emulator.Faults.Next(ChatsFault.ServiceUnavailable);
        var other = await GetAsync("/v2/nothing");
        var reads = await ReadAsync(4);
        var pending = Emulator.Faults.Pending;
        Emulator.Faults.Random(1, 1, ChatsFault.HtmlPage);
        var send = await PostAsync();
        var random = await PostAsync();

        Emulator.Faults.Next(ChatsFault.InternalServerError);
        Emulator.Faults.Clear();

        Assert.That((other.Status, reads, pending, send.Status), Is.EqualTo((404, new[] { 500, 500, 503, 200 }, 1, 500)));
        Assert.That(random.Body, Does.StartWith("<!doctype html>"));
        Assert.That(await ReadAsync(3), Is.EqualTo(new[] { 200, 200, 200 }));
        Assert.That((Emulator.Faults.Pending, Emulator.Faults.AppliedCount), Is.EqualTo((0, 5)));
    }

    [Test]
    public async Task The_same_seed_applies_faults_to_the_same_calls()
    {
        async Task<int[]> RunAsync(int seed, double probability = 0.4)
        {
            Emulator.Faults.Random(seed, probability, ChatsFault.InternalServerError, ChatsFault.ServiceUnavailable);
            return await ReadAsync(60);
        }

        var one = await RunAsync(42);
        var same = await RunAsync(42);
        var other = await RunAsync(43);
        var none = await RunAsync(42, probability: 0);
        var all = await RunAsync(42, probability: 1);

        Assert.That(same, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That(one.Distinct(), Is.EquivalentTo(new[] { 200, 500, 503 }));
        Assert.That(one.Count(status => status != 200), Is.InRange(14, 34));
        Assert.That((none.Count(status => status != 200), all.Count(status => status == 200)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Invalid_faults_and_responses_that_HTTP_does_not_have_are_rejected()
    {
        using var scope = Assert.EnterMultipleScope();
        Assert.That(() => ChatsFault.Response(199, ""), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ChatsFault.Response(600, ""), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ChatsFault.Response(200, null!), Throws.ArgumentNullException);
        Assert.That(() => ChatsFault.Response(200, "", null!), Throws.ArgumentNullException);
        Assert.That(() => ChatsFault.Response(200, "", "text"), Throws.ArgumentException.With.Message.Contains("content type"));
        Assert.That(() => ChatsFault.Response(200, "", "text/html\r\nX: y"), Throws.ArgumentException);
        Assert.That(() => ChatsFault.Response(200, "", "text/html; a=é"), Throws.ArgumentException);
        Assert.That(() => ChatsFault.Response(204, "{}"), Throws.ArgumentException.With.Message.Contains("204"));
        Assert.That(() => ChatsFault.Response(200, "").For(TimeSpan.Zero), Throws.InvalidOperationException);
        Assert.That(() => Emulator.Faults.Next(null!), Throws.ArgumentNullException);
        Assert.That(() => Emulator.Faults.Next(ChatsFault.Garbage, times: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Emulator.Faults.Random(1, 20), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0.2"));
        Assert.That(() => Emulator.Faults.Random(1, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Emulator.Faults.Random(1, 0.5, ChatsFault.Garbage, null!), Throws.ArgumentException);
        Assert.That(() => ChatsFault.Garbage.For(TimeSpan.FromSeconds(1)), Throws.InvalidOperationException);
        Assert.That(() => ChatsFault.Stall.For(TimeSpan.FromSeconds(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(ChatsFault.Garbage.AfterDelivery().ToString(), Is.EqualTo("Garbage after delivery"));
        Assert.That(ChatsFault.All, Has.Count.EqualTo(18).And.Unique);
    }

    private static Task<string> ReadHeadAsync(Socket socket) =>
        ReadUntilAsync(socket, text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal));

    /// <summary>Waits until the emulator waits on our clock.</summary>
    private Task UntilDueAsync() => Until.TrueAsync(() => Clock.NextDue is not null);

    private async Task<int[]> ReadAsync(int times)
    {
        Chat.Receive("Hello?");
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            statuses[i] = (await GetAsync()).Status;
        }

        return statuses;
    }
}
