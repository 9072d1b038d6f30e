namespace YandexMarket.Chats.Testing;

/// <summary>
/// The seeds and run counts of random tests: in CI a fixed seed and all runs; on a developer's machine a quarter of them.
/// CHATS_TEST_SEED sets another seed, and <c>random</c> draws one, which the test prints.
/// </summary>
internal static class Seeds
{
    private const int Fixed = 20_251_122;

    public static int Seed { get; } = Environment.GetEnvironmentVariable("CHATS_TEST_SEED") switch
    {
        null or "" => Fixed,
        "random" => Random.Shared.Next(),
        var given => int.Parse(given, CultureInfo.InvariantCulture),
    };

    public static int Amount(int whole) => SlowAttribute.IsCI ? whole : whole / 4;
}
