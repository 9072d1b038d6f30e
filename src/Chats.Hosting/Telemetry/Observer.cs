using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>What observes a call must not change how it ends: an exception of a listener or a log sink is dropped.</summary>
internal static class Observer
{
    public static void Notify(Action observe)
    {
        try
        {
            observe();
        }
        catch (Exception)
        {
            // The response is here, and its text may have been taken.
        }
    }

    /// <summary>A logger whose sinks cannot throw into a call.</summary>
    public static ILogger Guard(ILogger logger) => new GuardedLogger(logger);

    private sealed class GuardedLogger(ILogger logger) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel)
        {
            var isEnabled = false;
            Notify(() => isEnabled = logger.IsEnabled(logLevel));
            return isEnabled;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Notify(() => logger.Log(logLevel, eventId, state, exception, formatter));
    }
}
