using System.Net;

namespace YandexMarket.Chats.Emulator;

/// <summary>How an emulator behaves. Read once, when it starts: later changes have no effect.</summary>
public sealed class ChatsEmulatorOptions
{
    /// <summary>The port. Default: 0, any free one.</summary>
    public int Port { get; set; }

    /// <summary>
    /// The address of this machine to listen on. Default: 127.0.0.1, so that only this machine reaches it. With any other, such as
    /// 0.0.0.0 for all of the machine's, everybody in the network can call it: it has no TLS and protects nothing, so give it made-up keys
    /// and texts only.
    /// </summary>
    public IPAddress Host { get; set; } = IPAddress.Loopback;

    /// <summary>
    /// The clock of messages, quota hours, stalls and notification pauses. Default: the system's. With a clock of your own a test
    /// crosses an hour without waiting for it.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// How many calls a business may have under way at once, both operations together; one more is a 420. Default: 4, as documented.
    /// Null: no limit.
    /// </summary>
    public int? ParallelLimit { get; set; } = 4;

    /// <summary>
    /// How many calls of each operation a business has in an hour of the clock; one more is a 420. Default: 1000, as documented; that the
    /// hours are those of the clock is inferred. Null: no limit, and no X-RateLimit-Resource headers.
    /// </summary>
    public int? HourlyQuota { get; set; } = 1000;

    /// <summary>
    /// How long the hours of <see cref="HourlyQuota"/> are; they begin with the clock. Default: 1 hour. A test of several processes, which
    /// have no clock in common but the system's, makes them shorter. At least 1 second, at most 1 hour.
    /// </summary>
    public TimeSpan QuotaPeriod { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Whether a text that is read back has lost the white space at both ends, as the service is known to do at times. Default: no, so
    /// that a test reads what it sent. <see cref="EmulatedMessage.Text"/> always has the text as it came.
    /// </summary>
    public bool TrimsTexts { get; set; }

    /// <summary>
    /// Whether <c>GET /</c> is the inbox page, on which a person sees the chats, writes as the buyer and switches faults. Default: no. In
    /// a test the emulator stands for the service, which has nothing there, and nothing should be able to change what the test set up; the
    /// tool's <c>chats emulator</c> switches it on. It is served to this machine's own browser alone: see the remarks.
    /// </summary>
    /// <remarks>
    /// The page and its <c>/_inbox/</c> serve only requests whose Host is 127.0.0.1, [::1] or localhost, so that no other site can reach them
    /// through a name of its own, and take only writes whose Origin is the page itself. Their calls are in no record, meet no faults and
    /// count for no limit.
    /// </remarks>
    public bool ServesInbox { get; set; }

    /// <summary>How many of the latest calls <see cref="ChatsEmulator.Requests"/> holds. Default: 1000. At least 1.</summary>
    public int RequestsKept { get; set; } = 1000;

    /// <summary>
    /// How many of its latest messages each chat holds; older ones are forgotten, and reading them is a 404. Default: 100,000. At least 1.
    /// It keeps the memory flat however long the emulator runs.
    /// </summary>
    public int MessagesKept { get; set; } = 100_000;

    /// <summary>
    /// What the emulator holds from its first call on: UTF-8 JSON as <see cref="ChatsEmulator.SaveState"/> writes it, by an emulator or by
    /// hand. No notification is sent for these messages. Default: empty, nothing.
    /// </summary>
    public ReadOnlyMemory<byte> InitialState { get; set; }

    /// <summary>
    /// Where <see cref="ChatsEmulator.Notifications"/> go, as one whole URL. Default: null, nowhere. It can be changed while the emulator
    /// runs: <see cref="ChatsNotifications.Url"/>.
    /// </summary>
    public Uri? NotificationUrl { get; set; }

    /// <summary>
    /// Whether <c>/notification</c> is added to the path of the URL. Default: no. Whether the service does so is not documented: with both
    /// settings a test shows that a receiver takes either.
    /// </summary>
    public bool AppendsNotificationPath { get; set; }

    /// <summary>How many notifications may be under way at once. Default: 4. At least 1.</summary>
    public int NotificationsAtOnce { get; set; } = 4;

    /// <summary>How long a receiver may take for its response, on the emulator's clock; at most 24 days. Default: 10 seconds, as documented.</summary>
    public TimeSpan NotificationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a receiver may take for its response to a PING, on the emulator's clock; at most 24 days. Default: 1 second, as documented;
    /// the first request of a process can take longer on a busy machine.
    /// </summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long to wait before a notification is sent again, given the time since it was first sent; null gives it up. Default: the
    /// vendor's published schedule, a minute in the first hour, 15 minutes in the first day, then an hour, for 14 days.
    /// </summary>
    public Func<TimeSpan, TimeSpan?> NotificationRetryPause { get; set; } = RetrySchedule.PauseAfter;

    internal ChatsEmulatorOptions CheckedCopy()
    {
        Require(TimeProvider is not null, nameof(TimeProvider), "must not be null: leave it out for the system's clock");
        Require(NotificationRetryPause is not null, nameof(NotificationRetryPause), "must not be null: leave it out for the vendor's");
        Require(Host is not null, nameof(Host), "must not be null: leave it out for 127.0.0.1");
        Require(Port is >= 0 and <= 65535, nameof(Port), "must be a port, 0 to 65535, where 0 means any free one");
        Require(ParallelLimit is null or >= 1, nameof(ParallelLimit), "must be at least 1, or null for no limit");
        Require(HourlyQuota is null or >= 1, nameof(HourlyQuota), "must be at least 1, or null for no limit");
        Require(QuotaPeriod >= TimeSpan.FromSeconds(1) && QuotaPeriod <= TimeSpan.FromHours(1), nameof(QuotaPeriod), "must be 1 second to 1 hour");
        Require(RequestsKept >= 1, nameof(RequestsKept), "must be at least 1");
        Require(MessagesKept >= 1, nameof(MessagesKept), "must be at least 1");
        Require(ChatsNotifications.IsAllowed(NotificationUrl), nameof(NotificationUrl), "must be an absolute http or https URL, or null");
        Require(NotificationsAtOnce >= 1, nameof(NotificationsAtOnce), "must be at least 1");
        Require(IsTimeout(NotificationTimeout), nameof(NotificationTimeout), "must be more than zero and at most 24 days");
        Require(IsTimeout(PingTimeout), nameof(PingTimeout), "must be more than zero and at most 24 days");
        return (ChatsEmulatorOptions)MemberwiseClone();
    }

    private static bool IsTimeout(TimeSpan value) => value > TimeSpan.Zero && value <= TimeSpan.FromDays(24);

    private static void Require(bool condition, string name, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"{nameof(ChatsEmulatorOptions)}.{name} {rule}.");
        }
    }
}
