using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>
/// Neither the key nor a text that nobody asked for is in any output, whatever goes wrong. Both are of a kind that is found in any
/// piece of it: the text has no words of ours, the key is as long as a real one.
/// </summary>
public sealed class PrivacyTests
{
    private const string Key = "ACMA:kanarienvogelkanarienvogelkanarienvogelka:kanarien";
    private const string Text = "Zitronenfalter-\u0416\u0443\u043a";

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

    private static readonly ChatsFault[] _faults = [.. ChatsFault.All];

    [TestCaseSource(nameof(_wrongUses))]
    public async Task Wrong_use_quotes_neither(string[] args)
    {
        var ran = await new TestTool { Environment = { ["CHATS_API_KEY"] = Key } }.RunAsync(args);

        Assert.That((ran.ExitCode, ran.All.Length > 0), Is.EqualTo((2, true)));
        AssertNeither(ran);
    }

    [Test]
    public async Task A_send_that_went_well_does_not_echo_the_text([Values("--json", "--timeout=9")] string option)
    {
        await using var service = await StartAsync("communication");

        var ran = await Tool().RunAsync(service.Send("--text", Text, option));

        Assert.That((ran.ExitCode, service.Chat.Messages[^1].Text), Is.EqualTo((0, Text)));
        AssertNeither(ran);
    }

    [Test]
    public async Task A_refusal_quotes_neither([Values("settings-management", "all-methods:read-only")] string scope, [Values("--json", "--timeout=9")] string option)
    {
        await using var service = await StartAsync(scope);

        var ran = await Tool().RunAsync(service.Send("--text", Text, option));

        Assert.That(ran.ExitCode, Is.EqualTo(3));
        AssertNeither(ran);
    }

    [TestCaseSource(nameof(_faults))]
    public async Task A_fault_quotes_neither(ChatsFault fault)
    {
        await using var service = await StartAsync("communication");
        service.Chat.Receive(Text);
        service.Emulator.Faults.Next(fault, times: 20);

        var sent = await Tool().RunAsync(service.Send("--text", Text));
        var read = await Tool().RunAsync(service.Get("--message", $"{service.Chat.Messages[^1].Id}"));

        Assert.That((sent.ExitCode, read.ExitCode), Is.EqualTo((4, 3)));
        AssertNeither(sent);
        AssertNeither(read);
    }

    [Test]
    public async Task A_service_that_quotes_them_is_not_repeated([Values(400, 401, 500)] int status, [Values] bool json)
    {
        await using var echo = new EchoService(status);
        string[] more = ["--base-address", echo.BaseAddress, .. json ? ["--json"] : Array.Empty<string>()];

        var sent = await Tool().RunAsync(["send", "--business", "1", "--chat", "2", "--text", Text, .. more]);
        var read = await Tool().RunAsync(["get", "--business", "1", "--chat", "2", "--message", "3", .. more]);

        Assert.That((sent.ExitCode, read.ExitCode, echo.Quoted), Is.EqualTo((status == 500 ? 4 : 3, 3, 2)));
        AssertNeither(sent);
        AssertNeither(read);
    }

    private static async Task<TestService> StartAsync(string scope)
    {
        var service = await TestService.StartAsync();
        service.Emulator.AddKey(Key, scope);
        return service;
    }

    private static TestTool Tool() => new() { Environment = { ["CHATS_API_KEY"] = Key } };

    private static void AssertNeither(Ran ran) =>
        Assert.That(ran.All, Does.Not.Contain("kanarien").IgnoreCase.And.Not.Contains("Zitronenfalter").And.Not.Contains("\u0416\u0443\u043a"));
}
