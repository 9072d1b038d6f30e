using System.Net;

namespace YandexMarket.Chats.Emulator;

/// <summary>The options of an emulator. They are read once, when it starts.</summary>
public sealed class ChatsEmulatorOptions
{
    /// <summary>The port. Default: 0, any free one.</summary>
    public int Port { get; set; }

    /// <summary>
    /// The address of this machine to listen on. Default: 127.0.0.1, which only this machine can reach. With any other, such as 0.0.0.0
    /// for all addresses, anyone on the network can call the emulator: it has no TLS and no access control, so use made-up keys and
    /// texts only.
    /// </summary>
    public IPAddress Host { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// The clock of messages, quota hours, stalls and notification pauses. Default: the system's. With its own clock a test can move to
    /// the next hour at once.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// How many calls of a business may be in progress at once, both operations together; one more is a 420. Default: 4, as documented.
    /// Null: no limit.
    /// </summary>
    public int? ParallelLimit { get; set; } = 4;

    /// <summary>
    /// How many calls of each operation a business may make in a clock hour; one more gets a 420. Default: 1000, as documented; that
    /// the hours follow the clock is inferred. Null: no limit, and no X-RateLimit-Resource headers.
    /// </summary>
    public int? HourlyQuota { get; set; } = 1000;

    /// <summary>
    /// The length of the hours of <see cref="HourlyQuota"/>, which are aligned with the clock. Default: 1 hour. A test of several processes,
    /// which share no other clock than the system's, can shorten them. At least 1 second, at most 1 hour.
    /// </summary>
    public TimeSpan QuotaPeriod { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether responses trim the white space at both ends of a text, as the service sometimes does. Default: false, so that a test reads what
    /// it sent. <see cref="EmulatedMessage.Text"/> is never trimmed.
    /// </summary>
    public bool TrimTexts { get; set; }

    /// <summary>
    /// Whether the connection is closed after each response, without a <c>Connection: close</c> to announce it, as the service may do. Default:
    /// false. A client that sends its next request on the same connection then gets no response.
    /// </summary>
    public bool CloseConnections { get; set; }

    /// <summary>
    /// Whether <c>GET /</c> is the inbox page, where a person can read the chats, write as the buyer and control faults. Default: false, as
    /// the service has no such page. The tool's <c>chats emulator</c> command turns it on.
    /// </summary>
    /// <remarks>
    /// The page and its <c>/_inbox/</c> accept only requests whose Host is 127.0.0.1, [::1] or localhost, so that no other site can reach
    /// them through its own host name, and only writes whose Origin is the page itself. These requests are not recorded, have no faults
    /// and do not count toward any limit.
    /// </remarks>
    public bool ServeInbox { get; set; }

    /// <summary>How many of the latest calls <see cref="ChatsEmulator.Requests"/> keeps. Default: 1000. At least 1.</summary>
    public int MaxRecordedRequests { get; set; } = 1000;

    /// <summary>
    /// How many of its latest messages each chat keeps, to bound the memory; reading an older one is a 404. Default: 100,000. At least 1.
    /// </summary>
    public int MaxMessagesPerChat { get; set; } = 100_000;

    /// <summary>
    /// The initial businesses, chats, messages and keys: UTF-8 JSON as <see cref="ChatsEmulator.SaveState"/> writes it, or written by hand.
    /// No notifications are sent for its messages. Default: null, none.
    /// </summary>
    public byte[]? InitialState { get; set; }

    /// <summary>How many notifications may be sent at the same time. Default: 4. At least 1.</summary>
    public int MaxConcurrentNotifications { get; set; } = 4;

    /// <summary>The timeout of a notification, on the emulator's clock; at most 24 days. Default: 10 seconds, as documented.</summary>
    public TimeSpan NotificationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The timeout of a PING, on the emulator's clock; at most 24 days. Default: 1 second, as documented; the first request of a process
    /// can take longer on a busy machine.
    /// </summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait before a notification is sent again, given the time since it was first sent; null to give up. Default: the
    /// vendor's published schedule, every minute for an hour, every 15 minutes for a day, then hourly, for 14 days.
    /// </summary>
    /// <remarks>
    /// The service sends a notification again unless the status is 200 or 400. Whether it does so after a 200 whose body is invalid is not
    /// documented; the emulator does.
    /// </remarks>
    public Func<TimeSpan, TimeSpan?> NotificationRetryDelay { get; set; } = VendorRetryDelay;

    internal ChatsEmulatorOptions CheckedCopy()
    {
        Require(TimeProvider is not null, nameof(TimeProvider), "must not be null: omit it for the system's clock");
        Require(NotificationRetryDelay is not null, nameof(NotificationRetryDelay), "must not be null: omit it for the vendor's");
        Require(Host is not null, nameof(Host), "must not be null: omit it for 127.0.0.1");
        Require(Port is >= 0 and <= 65535, nameof(Port), "must be a port, 0 to 65535, where 0 means any free one");
        Require(ParallelLimit is null or >= 1, nameof(ParallelLimit), "must be at least 1, or null for no limit");
        Require(HourlyQuota is null or >= 1, nameof(HourlyQuota), "must be at least 1, or null for no limit");
        Require(QuotaPeriod >= TimeSpan.FromSeconds(1) && QuotaPeriod <= TimeSpan.FromHours(1), nameof(QuotaPeriod), "must be 1 second to 1 hour");
        Require(MaxRecordedRequests >= 1, nameof(MaxRecordedRequests), "must be at least 1");
        Require(MaxMessagesPerChat >= 1, nameof(MaxMessagesPerChat), "must be at least 1");
        Require(MaxConcurrentNotifications >= 1, nameof(MaxConcurrentNotifications), "must be at least 1");
        Require(IsTimeout(NotificationTimeout), nameof(NotificationTimeout), "must be more than zero and at most 24 days");
        Require(IsTimeout(PingTimeout), nameof(PingTimeout), "must be more than zero and at most 24 days");
        return (ChatsEmulatorOptions)MemberwiseClone();
    }

    // After the 14 days the service also switches the notifications off.
    private static TimeSpan? VendorRetryDelay(TimeSpan sinceFirst) =>
        sinceFirst < TimeSpan.FromHours(1) ? TimeSpan.FromMinutes(1)
        : sinceFirst < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(15)
        : sinceFirst < TimeSpan.FromDays(14) ? TimeSpan.FromHours(1)
        : null;

    private static bool IsTimeout(TimeSpan value) => value > TimeSpan.Zero && value <= TimeSpan.FromDays(24);

    private static void Require(bool condition, string name, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(ChatsEmulatorOptions)}.{name} {rule}.");
        }
    }
}
