using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace YandexMarket.Chats.Tests.Concurrency;

/// <summary>One client, many calls at once, over connections that fail in every way.</summary>
[NonParallelizable]
public class ThreadTests
{
    private const int Count = 256;

    private readonly ConcurrentQueue<Exception> _unobserved = new();

    [SetUp]
    public void Listen()
    {
        // What earlier tests left is theirs.
        Collect();
        _unobserved.Clear();
        TaskScheduler.UnobservedTaskException += Note;
    }

    [TearDown]
    public void Unlisten() => TaskScheduler.UnobservedTaskException -= Note;

    [Test]
    public async Task A_key_provider_that_is_abandoned_and_fails_later_leaves_no_unobserved_exception()
    {
        await AbandonProviderAsync();

        AssertNothingUnobserved();
    }

    // In a method of its own, so that nothing keeps its tasks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonProviderAsync()
    {
        var provider = new TaskCompletionSource<string>();
        using var caller = new CancellationTokenSource();
        using var client = new ChatsClient(new ChatsClientOptions { ApiKeyProvider = _ => new(provider.Task) });
        var call = client.FailureOfSendAsync(caller.Token);
        await caller.CancelAsync();
        Assert.That(await call, Is.TypeOf<ChatsCanceledException>().With.Property("MayHaveBeenSent").False);
        provider.SetException(new InvalidDataException("too late"));
    }

    [Test]
    public async Task Every_call_gets_its_own_response_and_every_send_arrives_at_most_once()
    {
        var server = new RawServer(ServeAsync);
        var outcomes = new (string? Text, Exception? Failure)[Count];
        using (var client = Clients.At(server.Address))
        {
            // Twice, so that the second half meets connections that were used before.
            for (var half = 0; half < 2; half++)
            {
                var from = half * Count / 2;
                await Task.WhenAll(Enumerable.Range(from, Count / 2).Select(i => Task.Run(async () => outcomes[i] = await CallAsync(client, i))));
            }
        }

        await server.DisposeAsync();

        Assert.Multiple(() =>
        {
            foreach (var (i, (text, failure)) in outcomes.Index())
            {
                AssertIsItsOwn(i, text, failure, server.Record.Texts);
            }

            Assert.That(server.Record.Texts, Is.Unique, "A text came twice.");
            Assert.That(server.Record.Defects, Is.Empty);
            Assert.That(server.Record.Open, Is.Zero, "Connections are left.");
            Assert.That(outcomes.Count(outcome => outcome.Failure is null), Is.InRange(Count / 4, Count - 1), "Some fail and some do not, or it proves little.");
        });
        AssertNothingUnobserved();
    }

    [Test]
    public async Task Bodies_that_stall_block_no_thread()
    {
        var clock = new ManualClock();
        using var stalled = new CountdownEvent(Count);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            var good = NumberOf(connection.RequestLine) > Count;
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{(good ? Responses.Sent : "{")}");
            if (!good && stalled.Signal())
            {
                all.SetResult();
            }

            await connection.HoldAsync();
        });
        using var client = Clients.At(server.Address, options => options.TimeProvider = clock);
        var calls = Enumerable.Range(0, Count).Select(i => Clients.FailureOfAsync(() => client.SendMessageToChatAsync(1, i + 1, TextOf(i)))).ToArray();
        await all.Task.WaitAsync(TimeSpan.FromMinutes(1));

        // The pool makes one or two threads a second: with 256 of them blocked this call would not come through in time.
        Assert.That(await Clients.FailureOfAsync(() => client.SendMessageToChatAsync(1, Count + 1, "good")), Is.Null);
        await Task.Run(() => clock.Advance(TimeSpan.FromSeconds(15)));

        Assert.That(await Task.WhenAll(calls), Has.All.TypeOf<ChatsConnectionException>().With.All.Property("IsTimeout").True.And.All.Property("MayHaveBeenSent").True);
    }

    // What happens to a call is in its number, which stands in the request: chatId=1 to 256.
    private static async Task ServeAsync(RawConnection connection)
    {
        while (await connection.ReadRequestAsync())
        {
            var number = NumberOf(connection.RequestLine);
            var text = connection.Text is null
                ? $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{TextOf(number - 1)}}}"}}"""
                : """{"status":"OK"}""";
            var body = Encoding.UTF8.GetByteCount(text);
            switch (number % 11)
            {
                case 1:
                    connection.Reset();
                    return;
                case 2:
                    await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body + 9}\r\n\r\n{text}");
                    return;
                case 3:
                    await connection.SendAsync($"HTTP/1.1 500 A\r\nContent-Length: {body}\r\n\r\n{text}");
                    break;
                case 4:
                    await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n{text}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{{}}");
                    break;
                case 5:
                    await connection.SendAsync("no HTTP\r\n\r\n");
                    return;
                default:
                    await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body}\r\n\r\n");
                    await connection.SendAsync(text);
                    break;
            }
        }
    }

    private static int NumberOf(string requestLine)
    {
        const string Name = "chatId=";
        var from = requestLine.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(requestLine[from..requestLine.IndexOfAny([' ', '&'], from)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string TextOf(int i) => $"Сообщение {i}: " + new string((char)('a' + (i % 26)), 1 + (i * 13 % 3000));

    private static bool IsRead(int i) => i % 2 == 0;

    private static async Task<(string? Text, Exception? Failure)> CallAsync(ChatsClient client, int i)
    {
        string? text = null;
        var failure = await Clients.FailureOfAsync(async () =>
            text = IsRead(i) ? (await client.GetChatMessageAsync(1, i + 1, 3)).Message : await SendAsync());
        return (text, failure);

        async Task<string?> SendAsync()
        {
            await client.SendMessageToChatAsync(1, i + 1, TextOf(i));
            return null;
        }
    }

    private static void AssertIsItsOwn(int i, string? text, Exception? failure, IEnumerable<string> texts)
    {
        Assert.That(failure?.GetType(), Is.EqualTo(((i + 1) % 11) switch
        {
            1 or 2 or 5 => typeof(ChatsConnectionException),
            3 => typeof(ChatsApiException),
            _ => null,
        }), $"Call {i}: {failure}");
        Assert.That(text, IsRead(i) && failure is null ? Is.EqualTo(TextOf(i)) : Is.Null, $"Call {i}");
        Assert.That(texts.Count(TextOf(i).Equals), Is.EqualTo(IsRead(i) ? 0 : 1), $"Call {i}");
        Assert.That((failure as ChatsException)?.MayHaveBeenSent, Is.EqualTo(failure is null ? null : (bool?)!IsRead(i)), $"Call {i}");
    }

    private void AssertNothingUnobserved()
    {
        Collect();
        Assert.That(_unobserved, Is.Empty);
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs arguments) => _unobserved.Enqueue(arguments.Exception);
}
