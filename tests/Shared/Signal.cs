namespace YandexMarket.Chats.Testing;

internal static class Signal
{
    /// <summary>Sends a signal to a process, by its name, such as TERM.</summary>
    public static async Task SendAsync(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.That(kill.ExitCode, Is.Zero);
    }
}
