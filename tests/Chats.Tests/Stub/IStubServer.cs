namespace YandexMarket.Chats.Tests.Stub;

/// <summary>
/// A service that says what a test tells it to, whatever it is asked, on a free port of this machine. Two engines implement it, and every
/// test must pass on both: so it can do only what both can. Faults of sockets are the business of raw sockets.
/// </summary>
internal interface IStubServer : IAsyncDisposable
{
    /// <summary>Where it listens, with a last slash and no version.</summary>
    Uri BaseAddress { get; }

    /// <summary>What was asked since the last <see cref="Answer"/>, in order.</summary>
    IReadOnlyList<StubRequest> Requests { get; }

    /// <summary>Forgets all that was before. From now on the answers come one after the other, and the last one for ever.</summary>
    void Answer(params IReadOnlyList<StubAnswer> answers);
}
