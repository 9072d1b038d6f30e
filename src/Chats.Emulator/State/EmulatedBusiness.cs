using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>A business (the seller's cabinet): it holds chats, and the service's limits are counted for it. Thread-safe.</summary>
public sealed class EmulatedBusiness
{
    private readonly ConcurrentDictionary<long, EmulatedChat> _chats = new();
    private readonly EmulatorState _state;

    internal EmulatedBusiness(EmulatorState state, long id)
    {
        _state = state;
        Id = id;
        Limits = new BusinessLimits(state.Options, state.Clock);
    }

    /// <summary>The business's number, 1 or more.</summary>
    public long Id { get; }

    /// <summary>The chats as they are at this moment, by rising number.</summary>
    public IReadOnlyList<EmulatedChat> Chats => [.. _chats.Values.OrderBy(chat => chat.Id)];

    /// <summary>How many calls for this business are being handled at this moment: what the limit of calls at once looks at.</summary>
    public int CallsUnderWay => Limits.Running;

    internal BusinessLimits Limits { get; }

    /// <summary>Opens an empty chat. A notification goes out if notifications are on.</summary>
    /// <param name="chatId">Its number, 1 or more.</param>
    /// <returns>The chat.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    /// <exception cref="ArgumentException">This business has a chat of this number.</exception>
    public EmulatedChat AddChat(long chatId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chatId, 1);
        var chat = new EmulatedChat(_state, this, chatId);
        if (!_chats.TryAdd(chatId, chat))
        {
            throw new ArgumentException($"Business {Id} has a chat {chatId}: take it with {nameof(FindChat)}.", nameof(chatId));
        }

        _state.ChatChanged?.Invoke(NotificationJson.ChatCreated, chat);
        _state.RaiseChanged();
        return chat;
    }

    /// <summary>Finds a chat by its number.</summary>
    /// <param name="chatId">The number.</param>
    /// <returns>The chat, or null if this business has none of this number.</returns>
    public EmulatedChat? FindChat(long chatId) => _chats.GetValueOrDefault(chatId);

    /// <summary>
    /// Adds a key of this business alone. A key of <see cref="ChatsEmulator.AddKey"/> opens every business. What the service answers to a
    /// call for somebody else's business is not documented; the emulator answers 403 <c>Access denied</c>.
    /// </summary>
    /// <param name="key">The key: visible ASCII without spaces.</param>
    /// <param name="scopes">What it may do, "communication" for example; with none it is known and may do nothing.</param>
    /// <exception cref="ArgumentException">The key or a scope is empty or has characters that no key and no scope has.</exception>
    public void AddKey(string key, params string[] scopes) => _state.Keys.Add(key, scopes, this);

    /// <summary>How many calls of an operation the current clock hour still allows.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>The calls left, or null if <see cref="ChatsEmulatorOptions.HourlyQuota"/> is switched off.</returns>
    public int? RemainingQuota(EmulatedOperation operation) => Limits.QuotaOf(operation)?.Read().Remaining;

    /// <summary>Uses up a part of the current hour's quota without making the calls. More than there is uses up all of it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="calls">How many calls to count, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException">The quota is switched off.</exception>
    public void UseQuota(EmulatedOperation operation, int calls)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(calls);
        var quota = Limits.QuotaOf(operation)
            ?? throw new InvalidOperationException($"There is no quota to use: {nameof(ChatsEmulatorOptions.HourlyQuota)} is null.");
        quota.Use(calls);
    }
}
