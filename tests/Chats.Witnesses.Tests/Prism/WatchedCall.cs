namespace YandexMarket.Chats.Witnesses.Tests.Prism;

/// <summary>A call that went through Prism.</summary>
internal sealed record WatchedCall(string Method, int Status, string? TraceParent, string Body, IReadOnlyList<Violation> Violations);
