using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting;

/// <summary>A logger whose exceptions reach nobody: what is logged must not change what happens.</summary>
internal sealed class GuardedLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Observer.Notify(() => logger.Log(logLevel, eventId, state, exception, formatter));
}
