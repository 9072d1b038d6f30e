namespace YandexMarket.Chats.Witnesses.Tests.Harness;

internal sealed class LockFileTests
{
    [Test]
    public void It_names_no_registry_and_just_the_version_that_was_asked_for()
    {
        var text = Repository.Read("tests/Chats.Witnesses.Tests/npm/package-lock.json");

        Assert.That(text, Does.Not.Contain("\"resolved\""));
        Assert.That(text, Does.Contain("\"@stoplight/prism-cli\": \"5.16.0\""));
    }
}
