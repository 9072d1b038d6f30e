using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>What the demo uses. All clients are settable, so that a test can replace one with a client that has a defect.</summary>
internal sealed class DemoStage(ChatsEmulator emulator)
{
    public ChatsEmulator Emulator { get; } = emulator;

    public EmulatedChat Chat { get; } = DemoData.AddTo(emulator);

    /// <summary>Its key may do everything.</summary>
    public required IChatsClient Client { get; set; }

    /// <summary>Its key may only read, which only the service knows.</summary>
    public required IChatsClient ReadOnlyClient { get; set; }

    /// <summary>Its key may only read, and its options say so.</summary>
    public required IChatsClient InformedReadOnlyClient { get; set; }
}

/// <summary>A step of the demo that was run. The code is the C# that was run, as the compiler saw it.</summary>
internal sealed record DemoStep(string Title, string Code, DemoCall Call, DemoCheck[] Checks)
{
    public bool Passed => Checks.All(check => check.Holds);
}

/// <summary>Something that has to be true of what the client returned or of what the emulator recorded.</summary>
internal sealed record DemoCheck(string Claim, bool Holds);

/// <summary>A call seen from both ends: what the client returned or threw, and what reached the emulator meanwhile.</summary>
internal sealed record DemoCall(ChatMessage? Message, Exception? Exception, RecordedRequest[] Requests, EmulatedMessage[] NewMessages);
