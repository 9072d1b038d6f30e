using System.Collections.Concurrent;
using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// An emulator of the chat operations of the Yandex Market Partner API: a small HTTP service in this process, on 127.0.0.1 unless
/// <see cref="ChatsEmulatorOptions.Host"/> says otherwise, with businesses, chats, messages, keys, limits and faults. Start one per test, or
/// one for many: all members are thread-safe.
/// </summary>
/// <remarks>
/// A call is checked in this order, and the first error is the response: path (404), method (405), key (401), scopes (403), business of
/// the path (400; 403 if it does not exist or the key has no access to it), parallel calls (420), calls in this hour (420), then for a
/// send the presence (400), the content type (415) and the declared length (400) of the body, then <c>chatId</c> and <c>messageId</c>
/// (400), the body (400), the chat (404) and the message (404). The responses and texts are those that the vendor documents; the order
/// and the response for a business without access are inferred.
/// </remarks>
/// <example><code>
/// await using var emulator = await ChatsEmulator.StartAsync();
/// emulator.AddKey("my-key", "communication");
/// var chat = emulator.AddBusiness(1).AddChat(2);
/// var message = chat.Receive("Where is my parcel?");
/// // call emulator.BaseAddress, then look at chat.Messages and emulator.Requests
/// </code></example>
public sealed class ChatsEmulator : IAsyncDisposable
{
    /// <summary>The highest id of a message so far. A field for <see cref="Interlocked"/>.</summary>
    internal long LastMessageId;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, EmulatedBusiness> _businesses = new();
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly EmulatorServer _server;

    private ChatsEmulator(ChatsEmulatorOptions options)
    {
        Options = options;
        Requests = new RequestLog(options.MaxRecordedRequests);
        Notifications = new ChatsNotifications(options, Stopping);
        if (options.InitialState is { } state)
        {
            new StateReader(this).Read(state);
        }

        _server = new EmulatorServer(this);
    }

    /// <summary>
    /// Raised after each change of what <see cref="SaveState"/> saves, on the thread that made it and before its caller has the response:
    /// return quickly. An exception thrown here is thrown to whatever made the change.
    /// </summary>
    public event Action? StateChanged;

    /// <summary>
    /// The base address for clients, such as <c>http://127.0.0.1:41234/v2/</c>. The same without <c>v2/</c> works too, as in older pages
    /// of the API.
    /// </summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>The emulator's own record of its calls: each request, its response, and the message it delivered.</summary>
    public RequestLog Requests { get; }

    /// <summary>Faults on demand: lost responses, resets, stalls and other faults of a network and a service.</summary>
    public ChatsFaults Faults { get; } = new();

    /// <summary>The notifications of chats and messages: their URL, the attempts to deliver them, and a PING on demand.</summary>
    public ChatsNotifications Notifications { get; }

    /// <summary>The current businesses, ordered by id.</summary>
    public IReadOnlyList<EmulatedBusiness> Businesses => [.. _businesses.Values.OrderBy(business => business.Id)];

    internal ChatsEmulatorOptions Options { get; }

    /// <summary>Canceled when the emulator is disposed.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">Its options, copied. Default: the documented limits, on a free port of 127.0.0.1.</param>
    /// <param name="cancellationToken">Cancels starting.</param>
    /// <returns>The running emulator. Dispose it to stop it.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and its range.</exception>
    /// <exception cref="InvalidDataException">
    /// <see cref="ChatsEmulatorOptions.InitialState"/> is invalid; the message names the line or the member, and the rule.
    /// </exception>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is not permitted, or the host is no address of this machine.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static async Task<ChatsEmulator> StartAsync(ChatsEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new ChatsEmulator((options ?? new()).CheckedCopy());
        try
        {
            emulator.BaseAddress = await emulator._server.StartAsync(cancellationToken).ConfigureAwait(false);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds a business (a seller's cabinet) without chats.</summary>
    /// <param name="businessId">Its id, 1 or more.</param>
    /// <returns>The new business.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is less than 1.</exception>
    /// <exception cref="ArgumentException">The business already exists.</exception>
    public EmulatedBusiness AddBusiness(long businessId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(businessId, 1);
        var business = new EmulatedBusiness(this, businessId);
        if (!_businesses.TryAdd(businessId, business))
        {
            throw new ArgumentException($"Business {businessId} already exists: use {nameof(FindBusiness)}.", nameof(businessId));
        }

        RaiseStateChanged();
        return business;
    }

    /// <summary>Finds a business.</summary>
    /// <param name="businessId">Its id.</param>
    /// <returns>The business, or null if there is none with this id.</returns>
    public EmulatedBusiness? FindBusiness(long businessId) => _businesses.GetValueOrDefault(businessId);

    /// <summary>
    /// Adds a key for all businesses, or replaces the scopes of a key. For a key of one business see <see cref="EmulatedBusiness.AddKey"/>.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">
    /// <c>communication</c> and <c>all-methods</c> allow reading and sending, <c>all-methods:read-only</c> reading. Any other scope is
    /// accepted and allows neither.
    /// </param>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has invalid characters.</exception>
    public void AddKey(string key, params string[] scopes) => SetKey(new ApiKey(key, scopes));

    /// <summary>Revokes a key: calls with it then get a 401, <c>Api-Key token is revoked</c>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key existed.</returns>
    public bool RevokeKey(string key)
    {
        var found = FindKey(key);
        if (found is not null)
        {
            SetKey(found with { Revoked = true });
        }

        return found is not null;
    }

    /// <summary>
    /// Writes the businesses, chats, messages and keys as JSON, for <see cref="ChatsEmulatorOptions.InitialState"/> of another emulator. The
    /// emulator keeps running: a message that is added during the call may be included or not. Recorded calls, used quota and faults are
    /// not saved.
    /// </summary>
    /// <param name="utf8">Where to write it. The stream is not closed.</param>
    /// <remarks>
    /// <para>It contains the keys and the texts in plain text: anyone who can read it can use the keys.</para>
    /// <para>
    /// The members, all required except those with a question mark; unknown and duplicate members, comments and trailing commas are
    /// errors. <c>createdAt</c> has an offset or ends in Z. Message ids are unique in the whole state and increase within a chat.
    /// <c>lastMessageId</c> is the highest id ever used, so that none is used twice.
    /// </para>
    /// <code>
    /// {
    ///   "version": 1,
    ///   "keys": [{ "key": "my-key", "scopes": ["communication"], "businessId"?: 1, "revoked"?: false }],
    ///   "businesses": [{
    ///     "id": 1,
    ///     "chats": [{
    ///       "id": 2,
    ///       "messages": [{
    ///         "id": 3, "createdAt": "2025-11-21T13:20:30+03:00", "sender": "CUSTOMER", "text"?: "Hello",
    ///         "attachments"?: [{ "name": "box.jpg", "url": "https://example.org/box.jpg", "size": 48213 }]
    ///       }]
    ///     }]
    ///   }],
    ///   "lastMessageId"?: 3
    /// }
    /// </code>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    public void SaveState(Stream utf8)
    {
        ArgumentNullException.ThrowIfNull(utf8);

        // The emulator may change meanwhile. Keys come before businesses, so that the business of each key is included; the last id comes
        // at the end, so that no message has a higher one.
        var keys = _keys.Values.OrderBy(key => key.Key, StringComparer.Ordinal).ToArray();
        var businesses = Businesses
            .Select(business => new { business.Id, Chats = business.Chats.Select(chat => new { chat.Id, chat.Messages }).ToArray() }).ToArray();
        var lastMessageId = Interlocked.Read(ref LastMessageId);
        JsonSerializer.Serialize(utf8, new { Version = SavedState.CurrentVersion, keys, businesses, lastMessageId }, SavedState.Json);
    }

    /// <summary>Stops the emulator: stalled calls and pending notifications end, connections close, the port is free again.</summary>
    /// <returns>A task that is complete when the emulator has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        await Notifications.StopAsync().ConfigureAwait(false);
    }

    internal ApiKey? FindKey(string key) => _keys.GetValueOrDefault(key);

    internal void SetKey(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key.Key, nameof(key));
        ArgumentNullException.ThrowIfNull(key.Scopes, "scopes");
        if (!ApiKey.IsToken(key.Key))
        {
            throw new ArgumentException("A key may contain only the characters U+0021 to U+007E: remove spaces and other characters.");
        }

        if (key.Scopes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("A scope is empty: name it (\"communication\", for example) or remove it.");
        }

        _keys[key.Key] = key with { Scopes = [.. key.Scopes] };
        RaiseStateChanged();
    }

    internal void RaiseStateChanged() => StateChanged?.Invoke();
}
