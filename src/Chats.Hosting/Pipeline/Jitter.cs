namespace YandexMarket.Chats.Hosting;

internal static class Jitter
{
#if NET
    public static double Next() => Random.Shared.NextDouble();
#else
    private static readonly Random _random = new();

    public static double Next()
    {
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
#endif
}
