namespace YandexMarket.Chats.Hosting;

internal static class Patience
{
    /// <summary>For timers: the source may have been disposed while the timer fired.</summary>
    public static void End(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // What it would have ended has ended.
        }
    }
}
