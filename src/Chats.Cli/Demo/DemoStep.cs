using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>A step of the demo that was played. The code is the C# that was run, as the compiler saw it.</summary>
internal sealed record DemoStep(string Title, string Code, DemoCall Call, IReadOnlyList<DemoCheck> Checks)
{
    public bool Passed => Checks.All(check => check.Holds);
}

/// <summary>Something that has to be true of what the client returned or of what the emulator recorded.</summary>
internal sealed record DemoCheck(string Claim, bool Holds);

/// <summary>A call seen from both ends: what the client returned or threw, and what reached the emulator meanwhile.</summary>
internal sealed record DemoCall(
    ChatMessage? Message, Exception? Exception, IReadOnlyList<RecordedRequest> Requests, IReadOnlyList<EmulatedMessage> NewMessages);
