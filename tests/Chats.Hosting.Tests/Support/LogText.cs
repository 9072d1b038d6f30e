using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Collects log entries of every level, and shows all that a sink can write of them: texts, values, scopes and exceptions.</summary>
internal static class LogText
{
    public static IServiceCollection LogTo(this IServiceCollection services, FakeLoggerProvider logs) =>
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));

    public static string[] Lines(this FakeLoggerProvider logs) =>
    [
        .. logs.Collector.GetSnapshot().Select(entry =>
            $"{entry.Category} {entry.Level}: {entry.Message} {Describe(entry.State)} {string.Join(' ', entry.Scopes.Select(Describe))} {entry.Exception}"),
    ];

    private static string Describe(object? state) => state switch
    {
        IEnumerable<KeyValuePair<string, string?>> values => string.Join(", ", values),
        IEnumerable<KeyValuePair<string, object?>> values => $"{state} {string.Join(", ", values)}",
        _ => $"{state}",
    };
}
