namespace YandexMarket.Chats.Witnesses.Tests.Harness;

internal sealed class MachineTests
{
    [Test]
    public void A_program_that_is_missing_fails_the_tests_that_need_it() => Assert.That(
        Assert.Throws<AssertionException>(() => Machine.Require("Prism", "dotnet", "no-such-program"))!.Message,
        Does.Contain("The tests with Prism need").And.Contain("no-such-program").And.Not.Contain("\"dotnet\""));
}
