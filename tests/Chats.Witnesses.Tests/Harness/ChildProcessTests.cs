using System.Diagnostics;

namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>The witnesses come up or say why not, and none is left behind.</summary>
[Slow]
internal sealed class ChildProcessTests
{
    // Says its number and then lives for ever.
    private const string Immortal = "console.log('I am ' + process.pid); setInterval(() => {}, 1000)";

    [OneTimeSetUp]
    public static void NeedNode() => Machine.Require("the supervisor", "node");

    [Test]
    public async Task Without_the_tests_a_witness_ends_by_itself()
    {
        await using var supervisor = Start(Immortal);
        using var witness = Process.GetProcessById(int.Parse((await supervisor.LineAsync(@"I am (\d+)")).Groups[1].ValueSpan));
        var before = witness.HasExited;

        // What is left of a killed run: the pipe of the supervisor's input breaks. Nobody kills anything here.
        supervisor.EndInput();
        await supervisor.EndAsync(Patience.Start);
        await witness.WaitForExitAsync().WaitAsync(Patience.Start);

        Assert.That((before, witness.HasExited), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_witness_that_does_not_come_up_shows_what_it_said()
    {
        await using var child = Start("console.error('the port is taken'); process.exitCode = 3");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => child.LineAsync("ready"));

        Assert.That(failure!.Message, Does.Contain("test ended before it was ready").And.Contain("the port is taken"));
    }

    [Test]
    public async Task A_bad_end_is_told_with_all_that_was_said()
    {
        await using var child = Start("console.log('first'); console.error('second'); process.exitCode = 3");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => child.SuccessAsync(Patience.Start));

        Assert.That(failure!.Message, Does.Contain("exit code 3").And.Contain("first").And.Contain("second"));
    }

    [Test]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var child = Supervised.Start("test", Path.GetTempPath(), "no-such-program");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => child.LineAsync("ready"));

        Assert.That(failure!.Message, Does.Contain("no-such-program cannot be started"));
    }

    private static ChildProcess Start(string script) =>
        Supervised.Start("test", Path.GetTempPath(), Machine.Find("node")!, "-e", script);
}
