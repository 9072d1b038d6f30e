namespace YandexMarket.Chats.Testing;

/// <summary>Waits for something that another thread is about to do. The timeout matters only if a test fails.</summary>
internal static class Until
{
    public static TimeSpan Timeout { get; } = TimeSpan.FromMinutes(1);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (!await condition())
        {
            timeout.Token.ThrowIfCancellationRequested();

            // Virtual time does not drive other threads, and a bare Yield would keep the processor from them.
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
