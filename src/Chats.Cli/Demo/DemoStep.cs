namespace YandexMarket.Chats.Cli;

/// <summary>One step of the demo, played.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Code">The C# that was run: the compiler took it from the call itself.</param>
/// <param name="Seen">What came back, and what the emulator saw.</param>
/// <param name="Checks">What has to be so.</param>
internal sealed record DemoStep(string Title, string Code, ObservedCall Seen, IReadOnlyList<DemoCheck> Checks)
{
    public bool Passed => Checks.All(check => check.Holds);
}

/// <summary>Something that has to be so, for the client's word or for the emulator's record.</summary>
internal sealed record DemoCheck(string Claim, bool Holds);
