using YandexMarket.Chats.Redis.Tests.Runs;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>Runs when a test starts this assembly as a separate process.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => Worker.RunAsync(arguments);
}
