using Newtonsoft.Json;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>
/// Neither the key nor a text that nobody asked for is in any output, whatever goes wrong. Both are words that the tool itself never uses.
/// After a fault: see <see cref="FailureTests"/>.
/// </summary>
public sealed class PrivacyTests : ServiceFixture
{
    internal const string Key = "ACMA:kanarienvogelkanarienvogelkanarienvogelka:kanarien";
    internal const string Text = "Zitronenfalter-\u0416\u0443\u043a";

    private static readonly TestCaseData[] _wrongUses = [.. new string[][]
    {
        ["send", "--business", "1", "--chat", "2", "--text", Text, "--key", Key],
        ["send", "--business", "1", "--chat", "2", "--text", Text, $"--key={Key}"],
        ["send", "--business", "1", "--chat", "2", Text],
        ["send", "--business", Key, "--chat", "2", "--text", Text],
        ["send", "--business", "1", "--chat", "2", "--text", Text, "--text", Text],
        ["send", "--business", "1", "--chat", "2", "--text", Text, "--timeout", Key],
        ["send", "--business", "1", "--chat", "2", "--text", Text, "--base-address", Key],
        ["send", "--business", "1", "--chat", "2", "--text", Text, "--base-address", $"https://{Key}@example.org/"],
        ["send", "--business", "1", "--chat", "2", "--text", Text + Key],
        ["send", "--business", "1", "--chat", "2", "--text", Text + '\ud83d'],
        [Key, Text],
        [Key, "--json"],
        ["send", Key, "--json"],
        ["emulator", "--port", Key],
    }.Select((args, i) => new TestCaseData((object)args).SetArgDisplayNames($"{i + 1}"))];

    [SetUp]
    public void AddKey() => Emulator.AddKey(Key, "communication");

    [TestCaseSource(nameof(_wrongUses))]
    public async Task Usage_errors_quote_neither_the_key_nor_the_text(string[] args)
    {
        var ran = await new TestTool { Environment = { ["CHATS_API_KEY"] = Key } }.RunAsync(args);

        Assert.That((ran.ExitCode, ran.All.Length > 0), Is.EqualTo((2, true)));
        AssertNeither(ran);
    }

    [Test]
    public async Task A_successful_send_does_not_echo_the_text([Values("--json", "--timeout=9")] string option)
    {
        var ran = await Tool().RunAsync(Send("--text", Text, option));

        Assert.That((ran.ExitCode, Chat.Messages[^1].Text), Is.EqualTo((0, Text)));
        AssertNeither(ran);
    }

    [Test]
    public async Task What_the_service_quotes_is_not_printed([Values(400, 401, 500)] int status, [Values] bool json)
    {
        // It does what no service should: its errors quote the whole request, key and text included.
        await using var echo = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            var quote = JsonConvert.ToString(connection.Request);
            await connection.SendAsync(RawServer.Json(
                $$"""{"status":"ERROR","errors":[{"code":"BAD","message":{{quote}}},{"code":{{quote}}}]}""", $"{status} {Key}", $"traceparent: {Key}\r\n"));
        });
        string[] more = ["--base-address", $"{echo.Address}", .. json ? ["--json"] : Array.Empty<string>()];

        var sent = await Tool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", Text, .. more]);
        var read = await Tool().RunAsync(["get", "--business", "1", "--chat", "2", "--message", "3", .. more]);

        Assert.That((sent.ExitCode, read.ExitCode, echo.Record.Complete), Is.EqualTo((status == 500 ? 4 : 3, 3, 2)));
        AssertNeither(sent);
        AssertNeither(read);
    }

    internal static TestTool Tool() => new() { Environment = { ["CHATS_API_KEY"] = Key } };

    internal static void AssertNeither(Ran ran) =>
        Assert.That(ran.All, Does.Not.Contain("kanarien").IgnoreCase.And.Not.Contains("Zitronenfalter").And.Not.Contains("\u0416\u0443\u043a"));
}
