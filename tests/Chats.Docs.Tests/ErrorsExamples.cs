using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
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
        var logger = new FakeLogger();

        Assert.That(() => SendAsync(shop.Client, 1, 2, "a secret text", logger, CancellationToken.None), Throws.TypeOf<ChatsApiException>());

        var written = $"{logger.LatestRecord.Message}\n{logger.LatestRecord.Exception}";
        Assert.That(written, Does.StartWith($"sendMessageToChat of chat 2 failed, trace {shop.Emulator.Requests.Single().TraceParent}\n"));
        Assert.That(written, Does.Contain("may have been sent"));
        Assert.That(written, Does.Not.Contain("secret"));
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
}
