namespace YandexMarket.Chats.Testing;

/// <summary>Outside CI, reports the tests that this project shares with Chats.Tests as skipped.</summary>
public sealed class TheRest
{
    [Test]
    [Ignore("The tests against the netstandard2.0 build are compiled and run where the variable CI is true, as in .ci/run.")]
    public void Of_the_tests_against_this_build() => Assert.Fail("Nothing was tested.");
}
