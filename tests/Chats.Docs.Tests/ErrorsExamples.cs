using Microsoft.Extensions.Logging;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The example of docs/errors.md, run against the emulator.</summary>
public sealed class ErrorsExamples
{
    [Test]
    public async Task What_to_log()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Emulator.Faults.Next(ChatsFault.InternalServerError);
        var logger = new Lines();

        Assert.That(() => SendAsync(shop.Client, 1, 2, "a secret text", logger, CancellationToken.None), Throws.TypeOf<ChatsApiException>());

        Assert.That(logger.Written, Does.StartWith($"sendMessageToChat of chat 2 failed, trace {shop.Emulator.Requests.Single().TraceParent}"));
        Assert.That(logger.Written, Does.Contain("may have been sent"));
        Assert.That(logger.Written, Does.Not.Contain("secret"));
    }

#pragma warning disable CA1848 // The page shows the usual call; LoggerMessage is for hot paths.
    private static async Task SendAsync(
        ChatsClient client, long businessId, long chatId, string text, ILogger logger, CancellationToken cancellationToken)
    {
        // docs/errors: What to log
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, text, cancellationToken);
        }
        catch (ChatsApiException failure)
        {
            logger.LogError(failure, "{Operation} of chat {Chat} failed, trace {TraceParent}", failure.Operation.Id, chatId, failure.TraceParent);
            throw;
        }
        // end
    }
#pragma warning restore CA1848

    private sealed class Lines : ILogger
    {
        public string Written { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written += $"{formatter(state, exception)}\n{exception}\n";
    }
}
