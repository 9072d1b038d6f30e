using YandexMarket.Chats.Redis.Tests.Runs;

namespace YandexMarket.Chats.Redis.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] arguments) => Worker.RunAsync(arguments);
}
