using System.Text.RegularExpressions;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>What the page of the package (PACKAGE.md) promises.</summary>
public sealed partial class PackagePageTests
{
    private static readonly string _page = Repository.Read("src/Chats.Cli/PACKAGE.md").ReplaceLineEndings("\n");

    private static IEnumerable<string> Calls => Call().Matches(_page).Select(match => match.Value);

    [TestCaseSource(nameof(Calls))]
    public async Task Its_calls_work(string call)
    {
        await using var service = await TestService.StartAsync();
        var args = Word().Matches(call).Skip(1).Select(word => word.Value.Trim('"'));

        var ran = await new TestTool().RunAsync([.. args, "--base-address", $"{service.Emulator.BaseAddress}"]);

        Assert.That((ran.ExitCode, ran.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public void It_shows_a_read_and_a_send() => Assert.That(Calls.Select(call => call.Split(' ')[1]), Is.EqualTo(["get", "send"]));

    [Test]
    public void Its_exit_codes_are_those_of_the_help() =>
        Assert.That(_page, Does.Contain($"\n{ExitCodes.Help.ReplaceLineEndings("\n")}\n"));

    [GeneratedRegex("^chats (?:get|send) .*$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex("\"[^\"]*\"|[^ \"]+")]
    private static partial Regex Word();
}
