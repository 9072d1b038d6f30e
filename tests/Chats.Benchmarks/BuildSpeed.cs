namespace YandexMarket.Chats.Benchmarks;
internal static class BuildSpeed { public static Task<int> RunAsync() => Task.FromResult(0); }
