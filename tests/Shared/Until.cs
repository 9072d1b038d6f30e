namespace YandexMarket.Chats.Testing;

/// <summary>Waits for what another thread is about to do. The time-out is only for a test that fails.</summary>
internal static class Until
{
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();

            // No clock of ours moves other threads, and a bare Yield would take the processor from them.
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
