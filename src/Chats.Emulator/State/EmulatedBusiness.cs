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

    /// <summary>Adds an empty chat. Its id is 1 or more. A notification is sent if notifications are on.</summary>
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

    /// <summary>Finds a chat of this business by its id, or returns null.</summary>
    public EmulatedChat? FindChat(long chatId) => _chats.GetValueOrDefault(chatId);

    /// <summary>
    /// Adds a key, like <see cref="ChatsEmulator.AddKey"/>, but for this business only. Calls with it to other businesses get a 403,
    /// <c>Access denied</c>; how the service responds then is not documented.
    /// </summary>
    /// <exception cref="ArgumentException">The key or a scope is empty, or the key has invalid characters.</exception>
    public void AddKey(string key, params string[] scopes) => _emulator.SetKey(new ApiKey(key, scopes, Id));

    /// <summary>The remaining calls of an operation in the current hour; null without <see cref="ChatsEmulatorOptions.HourlyQuota"/>.</summary>
    public int? RemainingQuota(EmulatedOperation operation) => QuotaOf(operation)?.Read().Remaining;

    /// <summary>Uses up quota of the current hour without making the calls, at most all that remains.</summary>
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
