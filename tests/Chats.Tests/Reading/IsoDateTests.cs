using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Reading;

[Parallelizable(ParallelScope.All)]
public sealed class IsoDateTests
{
    [TestCase("2017-11-21T00:00:00+03:00", 2017, 11, 21, 0, 0, 0, 0L, 180)]
    [TestCase("2025-01-16T10:09:49Z", 2025, 1, 16, 10, 9, 49, 0L, 0)]
    [TestCase("2025-01-16t10:09:49z", 2025, 1, 16, 10, 9, 49, 0L, 0)]
    [TestCase("2025-01-16T23:59:59-00:00", 2025, 1, 16, 23, 59, 59, 0L, 0)]
    [TestCase("2025-01-16T10:09:49+0530", 2025, 1, 16, 10, 9, 49, 0L, 330)]
    [TestCase("2025-01-16T10:09:49-03", 2025, 1, 16, 10, 9, 49, 0L, -180)]
    [TestCase("2025-01-16T10:09:49+14:00", 2025, 1, 16, 10, 9, 49, 0L, 840)]
    [TestCase("2025-01-16T10:09:49-14:00", 2025, 1, 16, 10, 9, 49, 0L, -840)]
    [TestCase("2025-01-16T10:09:49.1Z", 2025, 1, 16, 10, 9, 49, 1000000L, 0)]
    [TestCase("2025-01-16T10:09:49.0000001Z", 2025, 1, 16, 10, 9, 49, 1L, 0)]
    [TestCase("2025-01-16T10:09:49.759084017Z", 2025, 1, 16, 10, 9, 49, 7590840L, 0)]
    [TestCase("2025-01-16T10:09:49.999999999+03:00", 2025, 1, 16, 10, 9, 49, 9999999L, 180)]
    [TestCase("2025-01-16T10:09:49.000000000000000000000000000001Z", 2025, 1, 16, 10, 9, 49, 0L, 0)]
    [TestCase("2024-02-29T12:00:00Z", 2024, 2, 29, 12, 0, 0, 0L, 0)]
    [TestCase("2000-02-29T12:00:00Z", 2000, 2, 29, 12, 0, 0, 0L, 0)]
    [TestCase("0001-01-01T00:00:00Z", 1, 1, 1, 0, 0, 0, 0L, 0)]
    [TestCase("0001-01-01T14:00:00+14:00", 1, 1, 1, 14, 0, 0, 0L, 840)]
    [TestCase("9999-12-31T23:59:59.9999999Z", 9999, 12, 31, 23, 59, 59, 9999999L, 0)]
    public void A_date_is_read_to_the_tick(string text, int year, int month, int day, int hour, int minute, int second, long ticks, int offset)
    {
        var expected = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.FromMinutes(offset)).AddTicks(ticks);

        Assert.That(IsoDate.TryParse(text, out var value));
        Assert.That(value.EqualsExact(expected), $"{value:O} is not {expected:O}");
    }

    [TestCase("")]
    [TestCase("2025-01-16")]
    [TestCase("2025-01-16T10:09:49")]
    [TestCase("2025-01-16T10:09:49.5")]
    [TestCase("2025-01-16 10:09:49Z")]
    [TestCase("2025-01-16T10:09Z")]
    [TestCase("2025-01-16T10:09:49.Z")]
    [TestCase("2025-01-16T10:09:49,5Z")]
    [TestCase("2025-01-16T10:09:49ZZ")]
    [TestCase("2025-01-16T10:09:49Z ")]
    [TestCase(" 2025-01-16T10:09:49Z")]
    [TestCase("2025-01-16T10:09:49+14:01")]
    [TestCase("2025-01-16T10:09:49-15:00")]
    [TestCase("2025-01-16T10:09:49+03:60")]
    [TestCase("2025-01-16T10:09:49+3:00")]
    [TestCase("2025-01-16T10:09:49+03:0")]
    [TestCase("2025-01-16T10:09:49+03-00")]
    [TestCase("2025-01-16T10:09:49+03:00:00")]
    [TestCase("2025-01-16T10:09:49 +03:00")]
    [TestCase("2025-01-16T10:09:49*03:00")]
    [TestCase("2025-01-16T10:09:49+a3:00")]
    [TestCase("2025-01-16T24:00:00Z")]
    [TestCase("2025-01-16T10:60:00Z")]
    [TestCase("2025-01-16T10:09:60Z")]
    [TestCase("2025-00-16T10:09:49Z")]
    [TestCase("2025-13-16T10:09:49Z")]
    [TestCase("2025-01-00T10:09:49Z")]
    [TestCase("2025-01-32T10:09:49Z")]
    [TestCase("2025-02-29T10:09:49Z")]
    [TestCase("1900-02-29T10:09:49Z")]
    [TestCase("0000-01-16T10:09:49Z")]
    [TestCase("-001-01-16T10:09:49Z")]
    [TestCase("20250-01-16T10:09:49Z")]
    [TestCase("2025/01/16T10:09:49Z")]
    [TestCase("2025-01-16T10.09.49Z")]
    [TestCase("2025-01-16T1a:09:49Z")]
    [TestCase("2025-01-16T10:09:4٩Z")]
    [TestCase("0001-01-01T00:00:00+00:01")]
    [TestCase("9999-12-31T23:59:59-00:01")]
    [TestCase("2025-W03-4T10:09:49Z")]
    public void What_is_no_whole_date_is_refused(string text) => Assert.That(IsoDate.TryParse(text, out _), Is.False);
}
