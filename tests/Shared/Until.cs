namespace YandexMarket.Chats.Testing;

/// <summary>Waits for what another thread is about to do. The time-out is only for a test that fails.</summary>
internal static class Until
{
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();

            // No clock of ours moves other threads, and a bare Yield would take the processor from them.
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
