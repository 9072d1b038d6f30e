using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace YandexMarket.Chats.Emulator;

/// <summary>A business (the seller's cabinet): it has chats, and the limits are counted per business. Thread-safe.</summary>
#pragma warning disable CA1001 // A limiter without a queue has nothing to dispose of.
public sealed class EmulatedBusiness
#pragma warning restore CA1001
{
    private readonly ConcurrentDictionary<long, EmulatedChat> _chats = new();
    private readonly ChatsEmulator _emulator;
    private readonly QuotaWindow? _reads;
    private readonly QuotaWindow? _sends;
    private readonly ConcurrencyLimiter _parallel;

    internal EmulatedBusiness(ChatsEmulator emulator, long id)
    {
        _emulator = emulator;
        Id = id;
        _parallel = new ConcurrencyLimiter(new() { PermitLimit = ParallelLimit });
        if (emulator.Options is { HourlyQuota: { } quota } options)
        {
            _reads = new QuotaWindow(quota, options.QuotaPeriod, options.TimeProvider);
            _sends = new QuotaWindow(quota, options.QuotaPeriod, options.TimeProvider);
        }
    }

    /// <summary>The id, 1 or more.</summary>
    public long Id { get; }

    /// <summary>The current chats, ordered by id.</summary>
    public IReadOnlyList<EmulatedChat> Chats => [.. _chats.Values.OrderBy(chat => chat.Id)];

    /// <summary>How many calls of this business are in progress: what <see cref="ChatsEmulatorOptions.ParallelLimit"/> limits.</summary>
    public int CallsInProgress => ParallelLimit - (int)_parallel.GetStatistics()!.CurrentAvailablePermits;

    private int ParallelLimit => _emulator.Options.ParallelLimit ?? int.MaxValue;

    /// <summary>Adds an empty chat. A notification is sent if notifications are on.</summary>
    /// <param name="chatId">Its id, 1 or more.</param>
    /// <returns>The new chat.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is less than 1.</exception>
    /// <exception cref="ArgumentException">The chat already exists.</exception>
    public EmulatedChat AddChat(long chatId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chatId, 1);
        var chat = new EmulatedChat(_emulator, this, chatId);
        if (!_chats.TryAdd(chatId, chat))
        {
            throw new ArgumentException($"Chat {chatId} of business {Id} already exists: use {nameof(FindChat)}.", nameof(chatId));
        }

        chat.Notify("CHAT_CREATED", "createdAt");
        _emulator.RaiseStateChanged();
        return chat;
    }

    /// <summary>Finds a chat of this business.</summary>
    /// <param name="chatId">Its id.</param>
    /// <returns>The chat, or null if there is none with this id.</returns>
    public EmulatedChat? FindChat(long chatId) => _chats.GetValueOrDefault(chatId);

    /// <summary>
    /// Adds a key, like <see cref="ChatsEmulator.AddKey"/>, but for this business only. Calls with it to other businesses get a 403,
    /// <c>Access denied</c>; how the service responds then is not documented.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">Its scopes.</param>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has invalid characters.</exception>
    public void AddKey(string key, params string[] scopes) => _emulator.SetKey(new ApiKey(key, scopes, Id));

    /// <summary>Reads how many calls of an operation remain in the current hour.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The number; null without <see cref="ChatsEmulatorOptions.HourlyQuota"/>.</returns>
    public int? RemainingQuota(EmulatedOperation operation) => QuotaOf(operation)?.Read().Remaining;

    /// <summary>Uses up quota of the current hour without making the calls.</summary>
    /// <param name="operation">The operation whose quota it is.</param>
    /// <param name="calls">How many calls, zero or more; at most all that remain are used.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException"><see cref="ChatsEmulatorOptions.HourlyQuota"/> is null.</exception>
    public void UseQuota(EmulatedOperation operation, int calls)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(calls);
        var quota = QuotaOf(operation)
            ?? throw new InvalidOperationException($"There is no quota to use: {nameof(ChatsEmulatorOptions.HourlyQuota)} is null.");
        quota.TryUse(calls, out _);
    }

    internal QuotaWindow? QuotaOf(EmulatedOperation operation) => operation == EmulatedOperation.GetChatMessage ? _reads : _sends;

    /// <summary>A permit for a parallel call, until it is disposed; not acquired if there are too many.</summary>
    internal RateLimitLease BeginCall() => _parallel.AttemptAcquire();
}
