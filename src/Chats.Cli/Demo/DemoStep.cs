using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>A step of the demo that was played.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">The C# that was run, as the compiler saw it.</param>
/// <param name="Call">What happened.</param>
/// <param name="Checks">What has to be true of it.</param>
internal sealed record DemoStep(string Title, string Code, DemoCall Call, IReadOnlyList<DemoCheck> Checks)
{
    public bool Passed => Checks.All(check => check.Holds);
}

/// <summary>Something that has to be true of what the client returned or of what the emulator recorded.</summary>
internal sealed record DemoCheck(string Claim, bool Holds);

/// <summary>A call seen from both ends.</summary>
/// <param name="Message">What the client returned, if it was a read.</param>
/// <param name="Exception">What the client threw.</param>
/// <param name="Requests">The requests that reached the emulator meanwhile.</param>
/// <param name="NewMessages">The messages that appeared in the chat meanwhile.</param>
internal sealed record DemoCall(
    ChatMessage? Message, Exception? Exception, IReadOnlyList<RecordedRequest> Requests, IReadOnlyList<EmulatedMessage> NewMessages);
