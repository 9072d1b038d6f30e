namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class JitterTests
{
    [Test]
    public void It_differs_from_call_to_call_and_stays_between_zero_and_one()
    {
        var drawn = Enumerable.Range(0, 1000).Select(_ => Jitter.Next()).ToList();

        Assert.That(drawn, Has.All.InRange(0.0, 1.0));
        Assert.That(drawn.Distinct().Count(), Is.GreaterThan(900));
    }
}
