using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>What all parts of one emulator share: the clock, the keys, the businesses, the record, the faults.</summary>
internal sealed class EmulatorState(ChatsEmulatorOptions options)
{
    private long _lastMessageId;

    public ChatsEmulatorOptions Options { get; } = options;

    public TimeProvider Clock { get; } = options.TimeProvider;

    public KeyRing Keys { get; } = new();

    public ConcurrentDictionary<long, EmulatedBusiness> Businesses { get; } = new();

    public RequestLog Requests { get; } = new(options.RequestsKept);

    public ChatsFaults Faults { get; } = new();

    public long NextMessageId() => Interlocked.Increment(ref _lastMessageId);

    /// <summary>Told of every message that appears in any chat.</summary>
    public Action<EmulatedMessage>? MessageAppeared { get; set; }
}
