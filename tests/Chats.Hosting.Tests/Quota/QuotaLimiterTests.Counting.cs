namespace YandexMarket.Chats.Hosting.Tests;

// What is counted, for whom, and how a wrong count is found out.
internal sealed partial class QuotaLimiterTests
{
    [Test]
    public void Responses_5xx_without_headers_are_not_counted()
    {
        using var limiter = Pipeline.Limiter(_clock, 2);
        for (var i = 0; i < 10; i++)
        {
            using var lease = Take(limiter, 1)[0];
            Report(limiter, lease, i % 2 == 0 ? 503 : 599, null);
        }

        Assert.That(Granted(limiter, 5), Is.EqualTo(2));
    }

    [Test]
    public void A_quota_that_only_we_believe_used_up_is_probed_once_a_minute()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Take(limiter, 1)[0].Dispose();

        var atOnce = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(59));
        var early = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var probes = Granted(limiter, 2);
        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That((atOnce, early, probes, Granted(limiter, 2)), Is.EqualTo((0, 0, 1, 1)));
    }

    [Test]
    public void A_quota_that_the_service_called_used_up_is_not_probed([Values(200, 420)] int status)
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        Report(limiter, Take(limiter, 1)[0], status, status == 200 ? Limit(1, 0) : null, status == 200 ? ChatsLimitKind.Unknown : ChatsLimitKind.Hourly);

        _clock.Advance(TimeSpan.FromMinutes(2));

        Assert.That(Granted(limiter, 1), Is.Zero);
    }

    [Test]
    public void A_response_401_is_counted_until_the_service_says_otherwise()
    {
        using var limiter = Pipeline.Limiter(_clock, 1);
        using (var lease = Take(limiter, 1)[0])
        {
            Report(limiter, lease, 401, null);
        }

        Assert.That(Granted(limiter, 1), Is.Zero);
    }

    [Test]
    public void Another_address_has_its_own_limits_and_another_key_its_own_quota_but_not_its_own_places()
    {
        using var limiter = Pipeline.Limiter(_clock, 5);
        ChatsCall Of(string address, string key) => new(_read, new Uri(address), 1, key, TimeSpan.Zero);
        int Granted(string address, string key, bool keep) => Enumerable.Range(0, 6).Count(_ =>
        {
            var lease = limiter.AttemptAcquire(Of(address, key));
            (keep ? null : lease)?.Dispose();
            return lease.IsAcquired;
        });

        // One after the other: the quota. Then without an end: the places.
        var quotas = (Granted("http://a/", "old", keep: false), Granted("http://a/", "new", keep: false), Granted("http://b/", "old", keep: false));
        using var other = Pipeline.Limiter(_clock, 5);
        var places = Enumerable.Range(0, 6).Count(i => other.AttemptAcquire(Of("http://a/", $"key {i % 2}")).IsAcquired);

        Assert.That((quotas, places), Is.EqualTo(((5, 5, 5), 4)));
    }
}
