#if CHATS_NETSTANDARD
namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class RenewedHttpClientTests
{
    [Test]
    public void A_client_is_renewed_after_two_minutes_and_stays_in_use_if_that_fails()
    {
        var clock = new ManualClock();
        using HttpClient first = new(), second = new();
        var made = 0;
        var current = RenewedHttpClient.Of(
            () => made++ switch
            {
                0 => first,
                1 => throw new InvalidOperationException("of a factory"),
                _ => second,
            },
            clock);

        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.That((current(), made), Is.EqualTo((first, 1)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((current(), made), Is.EqualTo((first, 2)));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.That((current(), made), Is.EqualTo((second, 3)));
    }
}
#endif
