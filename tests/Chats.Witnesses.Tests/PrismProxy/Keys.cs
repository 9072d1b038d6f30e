namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>The keys of the tests, named after what they may do.</summary>
internal static class Keys
{
    public const string Talks = "key-that-talks";

    public const string Reads = "key-that-reads";

    public const string Neither = "key-for-something-else";

    public const string Dead = "key-that-is-dead";
}
