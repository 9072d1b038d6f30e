namespace YandexMarket.Chats.Benchmarks;
internal static class FullRun { public static Task<int> RunAsync(string? output) => Task.FromResult(output is null ? 0 : 1); }
