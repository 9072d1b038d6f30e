namespace YandexMarket.Chats.Cli.Tests;

/// <summary>A standard stream that is closed or full changes neither what a command does nor what its exit code says of a send.</summary>
public sealed class ClosedStreamTests : ServiceFixture
{
    private static readonly Type[] _errors = [typeof(UnauthorizedAccessException), typeof(IOException), typeof(ArgumentOutOfRangeException)];

    // The output is the work of all but a send.
    [TestCase("get", 1, "chats: Standard output cannot be written.")]
    [TestCase("get --json", 1, "chats: Standard output cannot be written.")]
    [TestCase("get --message 99", 3, null)]
    [TestCase("doctor", 1, "chats: Standard output cannot be written.")]
    [TestCase("--help", 1, "chats: An unexpected IOException.")]
    [TestCase("send --help", 1, "chats: An unexpected IOException. The message was not sent.")]
    [TestCase("demo", 1, "chats: An unexpected IOException.")]
    [TestCase("sned", 2, null)]
    [TestCase("send", 2, null)]
    [TestCase("send --json", 2, "chats: Standard output cannot be written.|chats: The text is empty. Pass one with --text or on standard input.")]
    [TestCase("send --text Hello", 0, "chats: The message was sent, but standard output cannot be written.")]
    [TestCase("send --text Hello --json", 0, "chats: The message was sent, but standard output cannot be written.")]
    [TestCase("send --text Hello", 3, null, nameof(ChatsFault.Response))]
    [TestCase("send --text Hello --json", 3, null, nameof(ChatsFault.Response))]
    [TestCase("send --text Hello", 4, null, nameof(ChatsFault.ResponseLost))]
    [TestCase("send --text Hello --json", 4, null, nameof(ChatsFault.ResponseLost))]
    public async Task The_exit_code_says_whether_a_message_was_sent_even_if_the_output_cannot_be_written(
        string line, int exitCode, string? told, string? fault = null)
    {
        var words = line.Split(' ');
        var args = words[0] switch { "get" => Get(words[1..]), "send" => Send(words[1..]), "doctor" => With(words), _ => words };
        if (fault is not null)
        {
            Emulator.Faults.Next(fault == nameof(ChatsFault.ResponseLost) ? ChatsFault.ResponseLost : ChatsFault.Response(420, ""), times: 6);
        }

        var isSend = line.StartsWith("send --text", StringComparison.Ordinal);
        foreach (var error in _errors.Take(isSend ? 3 : 2))
        {
            using var broken = new BrokenWriter(error);
            var onlyOutput = await new TestTool { Output = broken }.RunAsync(args);
            var both = await new TestTool { Output = broken, Error = broken }.RunAsync(args);

            Assert.That((onlyOutput.ExitCode, both.ExitCode), Is.EqualTo((exitCode, exitCode)), error.Name);
            Assert.That(onlyOutput.Error.TrimEnd().ReplaceLineEndings("|"),
                told is null ? Is.Not.Empty : Is.EqualTo(told.Replace(nameof(IOException), error.Name, StringComparison.Ordinal)));
        }

        Assert.That(Emulator.Requests.TotalDelivered, Is.EqualTo(exitCode is 0 or 4 ? 6 : 0));
    }

    [Test]
    [Slow]
    [Platform(Exclude = "Win", Reason = "There is no sh.")]
    public async Task The_exit_codes_of_a_process_are_the_same([Values(">&-", "2>&-", ">&- 2>&-", ">/dev/full 2>/dev/full")] string redirection)
    {
        var codes = new List<int>();
        foreach (var args in new[] { Send("--text", "Hello"), Send("--text", "Hello", "--json"), Get("--message", "99"), Get("--message", "99", "--json"), Get("--json") })
        {
            using var process = ProcessTests.Start(args, "demo-all", redirection: redirection);
            await process.WaitForExitAsync().WaitAsync(Until.Timeout);
            codes.Add(process.ExitCode);
        }

        Assert.That(codes, Is.EqualTo(new[] { 0, 0, 3, 3, redirection[0] == '2' ? 0 : 1 }));
        Assert.That(Emulator.Requests.TotalDelivered, Is.EqualTo(2));
    }
}
