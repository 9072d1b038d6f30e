namespace YandexMarket.Chats.Tests.Failures;

/// <summary>How a body is read, bodies that cannot be read, and streams that misbehave.</summary>
public sealed class ResponseBodyTests
{
    private const int MiB = 1024 * 1024;

    // Around the sizes at which the reading buffer is taken, and grows; and the default.
    private static readonly int[] _sizes = [Responses.Message.Length, 4095, 4096, 4097, 65536, 65537, 200_000, MiB];

    [Test]
    public async Task At_most_MaxResponseBytes_are_read(
        [ValueSource(nameof(_sizes))] int max, [Values] bool statesItsLength, [Values] bool read)
    {
        ChatsClient Padded(int size)
        {
            var bytes = Encoding.UTF8.GetBytes(Responses.Message.PadRight(size));
            return Responding(
                () => new StreamBody(() => new MemoryStream(bytes), statesItsLength ? size : null),
                options => options.MaxResponseBytes = max == MiB ? options.MaxResponseBytes : max);
        }

        using var fits = Padded(max);
        using var exceeds = Padded(max + 1);

        await fits.CallAsync(read);
        var exception = await Assert.ThrowsAsync<ChatsResponseException>(() => exceeds.CallAsync(read));

        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent, exception.InnerException), Is.EqualTo((200, !read, (Exception?)null)));
        Assert.That(exception.Message, Does.Contain(nameof(ChatsClientOptions.MaxResponseBytes)));
    }

    [TestCase(15, 1)]
    [TestCase(4096, 7)]
    [TestCase(10_000, 4096)]
    [TestCase(300_000, 65_536)]
    public async Task A_text_is_read_completely_however_its_bytes_arrive(int length, int atOnce)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('а' + (i % 32))));
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{text}}}"}}""");
        foreach (var stated in new long?[] { null, body.Length })
        {
            using var client = Responding(() => new StreamBody(() => Piecemeal(body, atOnce), stated), options => options.MaxResponseBytes = int.MaxValue);

            Assert.That((await client.GetChatMessageAsync(1, 2, 3)).Message, Is.EqualTo(text));
        }
    }

    private static IEnumerable<TestCaseData> Unreadable =>
    [
        Body("""{"status":"OK","result":7}""", "ChatMessage is not an object"),
        Body("""{"status":"OK"}""", "it contains no result"),
        Body("", "it is empty or incomplete"),
        Body("{", "it is empty or incomplete"),
        Body("{\n  TEXTCANARY", "it is not JSON (line 2, position"),
        Body("{'status':'OK'}", "it is not strict JSON"),
        new TestCaseData(() => new ByteArrayContent([(byte)'"', 0xE9, (byte)'"']), "it is not UTF-8").SetArgDisplayNames("Latin"),
        new TestCaseData(() => Failing(new InvalidDataException(Canary.Echo)), "it cannot be decompressed").SetArgDisplayNames("broken compression"),
        new TestCaseData(() => Failing(new NotSupportedException("It was read."), length: 2 << 20), "it is longer than").SetArgDisplayNames("stated as too long"),
    ];

    [TestCaseSource(nameof(Unreadable))]
    public async Task The_message_says_what_is_wrong_with_a_response_without_quoting_it(Func<HttpContent> body, string reason)
    {
        using var client = Responding(body);

        var failure = await client.FailureOfReadAsync();

        Assert.That(failure, Is.TypeOf<ChatsResponseException>().With.InnerException.Null);
        Assert.That(failure!.Message, Does.Contain(reason).And.EndWith("Nothing was changed."));
        Assert.That(Canary.PlacesIn(failure), Is.Empty);
    }

    [TestCase(null)]
    [TestCase(-1)]
    [TestCase(1 << 20)]
    public async Task A_stream_that_throws_or_returns_an_impossible_count_leaves_MayHaveBeenSent_as_it_is(int? count)
    {
        using var client = Responding(() => new StreamBody(
            () => new StubStream((_, _) => count is { } bytes ? new(bytes) : throw new NotSupportedException("mine")), length: null));

        var failure = await client.FailureOfSendAsync();

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").True);
        Assert.That(failure, count is null ? Has.Property("IsTransient").False : Has.Property("IsTransient"));
    }

    // An exception for each of a million would take seconds.
    [TestCase("1", 99, 2)]
    [TestCase("1", 100, 1)]
    [TestCase("[{}]", 100, 1)]
    public async Task Wrong_items_of_a_list_are_skipped_and_after_a_hundred_all_others_too(string item, int wrong, int files)
    {
        const string File = "{\"url\":\"u\"}";
        var items = string.Join(",", [File, .. Enumerable.Repeat(item, wrong), File]);
        using var client = Responding(() => new StringContent(Responses.Message.Replace(
            "\"PARTNER\"", $"\"PARTNER\",\"payload\":[{items}],\"message\":\"text\"", StringComparison.Ordinal)));

        var message = await client.GetChatMessageAsync(1, 2, 3);

        Assert.That(message.Message, Is.EqualTo("text"));
        Assert.That(message.Payload!.Select(file => file.Url), Is.EqualTo(Enumerable.Repeat("u", files)));
    }

#if CHATS_NETSTANDARD
    [Test]
    public async Task A_stream_that_ends_when_it_is_closed_has_not_delivered_the_complete_body([Values] bool throwsWhenItIsClosed)
    {
        var clock = new ManualClock();
        var bytes = new MemoryStream(Encoding.UTF8.GetBytes(Responses.Sent));
        var stalls = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        // As streams of .NET Framework: it ignores tokens, and ends when it is closed.
        using var stream = new StubStream(async (buffer, _) =>
        {
            if (bytes.Position < bytes.Length)
            {
                return bytes.Read(buffer.Span);
            }

            stalls.TrySetResult();
            return await closed.Task;
        })
        {
            Closed = () =>
            {
                // An exception here would come out of the timer, and end the process.
                if (closed.TrySetResult(0) && throwsWhenItIsClosed)
                {
                    throw new IOException();
                }
            },
        };
        using var client = Responding(() => new StreamBody(() => stream, length: null), options => options.TimeProvider = clock);
        var call = client.FailureOfSendAsync();
        await stalls.Task;

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(await call, Is.TypeOf<ChatsConnectionException>().With.Property("IsTimeout").True);
    }
#endif

    private static ChatsClient Responding(Func<HttpContent> content, Action<ChatsClientOptions>? change = null) =>
        Clients.Over((_, _) => Task.FromResult(new HttpResponseMessage { Content = content() }), change);

    private static StubStream Piecemeal(byte[] bytes, int atOnce)
    {
        var from = new MemoryStream(bytes);
        return new((buffer, cancellationToken) => from.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken));
    }

    private static StreamBody Failing(Exception failure, long? length = null) => new(() => new StubStream((_, _) => throw failure), length);

    private static TestCaseData Body(string body, string reason) => new TestCaseData(() => new StringContent(body), reason).SetArgDisplayNames(body);
}
