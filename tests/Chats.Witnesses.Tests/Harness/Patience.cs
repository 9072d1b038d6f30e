using System.Runtime.CompilerServices;

namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>How long real processes may take on a loaded machine. Only a test that fails ever waits so long.</summary>
internal static class Patience
{
    public static TimeSpan Install { get; } = TimeSpan.FromMinutes(10);

    public static TimeSpan Start { get; } = TimeSpan.FromMinutes(3);

    public static TimeSpan Call { get; } = TimeSpan.FromMinutes(1);

    public static TimeSpan End { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Waits for what another process or thread is about to do.</summary>
    public static async Task UntilAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string? words = null)
    {
        using var patience = new CancellationTokenSource(Call);
        while (!await condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {Call}: {words}");
            }

            // Only so that the one who is waited for gets the processor; how long it takes is not ours to say.
            await Task.Delay(1, CancellationToken.None);
        }
    }

    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? words = null) =>
        UntilAsync(() => Task.FromResult(condition()), words);
}
