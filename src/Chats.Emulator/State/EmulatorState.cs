using System.Collections.Concurrent;

namespace YandexMarket.Chats.Emulator;

/// <summary>What all parts of one emulator share: the clock, the keys, the businesses, the record, the faults.</summary>
internal sealed class EmulatorState
{
    private long _lastMessageId;

    public EmulatorState(ChatsEmulatorOptions options)
    {
        Options = options;
        Clock = options.TimeProvider;
        Keys = new KeyRing(RaiseChanged);
        Requests = new RequestLog(options.RequestsKept);
    }

    /// <summary>Raised after every change of what <see cref="ChatsEmulator.SaveState"/> saves.</summary>
    public event Action? Changed;

    public ChatsEmulatorOptions Options { get; }

    public TimeProvider Clock { get; }

    public KeyRing Keys { get; }

    public ConcurrentDictionary<long, EmulatedBusiness> Businesses { get; } = new();

    public RequestLog Requests { get; }

    public ChatsFaults Faults { get; } = new();

    public long LastMessageId
    {
        get => Interlocked.Read(ref _lastMessageId);
        set => Interlocked.Exchange(ref _lastMessageId, value);
    }

    /// <summary>Called for every message that appears in any chat.</summary>
    public Action<EmulatedMessage>? MessageAppeared { get; set; }

    /// <summary>Called with the type of the notification when a chat is created and when its dispute starts or ends.</summary>
    public Action<string, EmulatedChat>? ChatChanged { get; set; }

    public long NextMessageId() => Interlocked.Increment(ref _lastMessageId);

    public void RaiseChanged() => Changed?.Invoke();
}
