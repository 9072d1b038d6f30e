namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The schedule on the vendor's page about notifications. (After the 14 days the service also switches the notifications off; the
/// emulator only gives this one up.)
/// </summary>
internal static class RetrySchedule
{
    public static TimeSpan? PauseAfter(TimeSpan sinceFirst) =>
        sinceFirst < TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(1)
        : sinceFirst < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(15)
        : sinceFirst < TimeSpan.FromDays(14) ? TimeSpan.FromHours(1)
        : null;
}
