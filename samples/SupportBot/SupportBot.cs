using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using YandexMarket.Chats;

namespace YandexMarket.Samples;

/// <summary>
/// Answers each buyer's message once, whatever the network and the service do. Where it cannot know whether a response was sent, it
/// neither sends it again nor forgets it: it waits for proof, and asks a human where none comes.
/// </summary>
/// <remarks>
/// Its state is in memory. A real one has tables: messages (stored before their notification is answered), unproven answers (stored before
/// each send) and failed ones. After a restart it handles the messages that are unanswered, and leaves alone what is unproven.
/// </remarks>
public sealed class SupportBot(IChatsClient client, long businessId, Func<ChatMessage, string> compose, TimeProvider clock)
{
    private const int Attempts = 10;
    private const int CallsAtOnce = 4; // The service's own limit for a business.
    private readonly Channel<(long ChatId, long MessageId)> _queue = Channel.CreateUnbounded<(long, long)>();
    private readonly ConcurrentDictionary<(long ChatId, long MessageId), bool> _seen = new();
    private readonly ConcurrentDictionary<(long ChatId, string Text), (long MessageId, DateTimeOffset Since)> _unproven = new();
    private readonly ConcurrentDictionary<(long ChatId, long MessageId), string> _failed = new();
    private int _open;

    /// <summary>How many messages wait or are being handled.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes a notification. It may be repeated: a message that was seen is dropped.</summary>
    /// <returns>What the service wants to read, with status 200 and within 10 seconds, after a PING too.</returns>
    public object Receive(JsonElement notification)
    {
        if (notification.GetProperty("notificationType").GetString() == "CHAT_MESSAGE_SENT")
        {
            var chatId = notification.GetProperty("chatId").GetInt64();
            var messageId = long.Parse(notification.GetProperty("messageId").GetString()!, CultureInfo.InvariantCulture);
            if (_seen.TryAdd((chatId, messageId), true))
            {
                Interlocked.Increment(ref _open);
                _queue.Writer.TryWrite((chatId, messageId));
            }
        }

        return new { version = "1.0", name = "support-bot", time = DateTimeOffset.UtcNow };
    }

    /// <summary>What a human has to look into: answers without proof for so long, and messages that were certainly not answered.</summary>
    public IEnumerable<(long ChatId, long MessageId, string Why)> ForHumans(TimeSpan patience) => _unproven
        .Where(answer => clock.GetUtcNow() - answer.Value.Since >= patience)
        .Select(answer => (answer.Key.ChatId, answer.Value.MessageId, "It may have been answered: look into the chat."))
        .Concat(_failed.Select(failure => (failure.Key.ChatId, failure.Key.MessageId, $"It was not answered. {failure.Value}")));

    /// <summary>Works until it is stopped. A send that is under way is let finish: cut off, it would be another unknown.</summary>
    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(Enumerable.Range(0, CallsAtOnce).Select(async _ =>
    {
        await foreach (var (chatId, messageId) in _queue.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await HandleAsync(chatId, messageId, stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                _failed[(chatId, messageId)] = failure.Message; // The client's exceptions quote no text and no key.
            }

            Interlocked.Decrement(ref _open);
        }
    }));

    private async Task HandleAsync(long chatId, long messageId, CancellationToken stopping)
    {
        ChatMessage message = null!;
        await RepeatAsync(async () => message = await client.GetChatMessageAsync(businessId, chatId, messageId), stopping);
        if (message.Sender == ChatMessageSender.Customer)
        {
            // The number makes the text unique in its chat: when it comes back, it proves this response and no other.
            var text = $"{compose(message)} (No. {chatId}-{messageId})".Trim();
            await RepeatAsync(() => SendAsync(chatId, text, messageId), stopping);
        }
        else if (message is { Sender: ChatMessageSender.Partner, Message: { } ours })
        {
            _unproven.TryRemove((chatId, ours), out _); // The service tells us of our own text: it has taken it.
        }
    }

    private async Task SendAsync(long chatId, string text, long answered)
    {
        // docs/notifications: A bot that answers once
        _unproven[(chatId, text)] = (answered, clock.GetUtcNow());
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, text);
            _unproven.TryRemove((chatId, text), out _);
        }
        catch (ChatsException failure) when (failure.MayHaveBeenSent)
        {
            // Not sent again. If the service took it, it notifies us of our own message: only that is proof.
        }
        catch
        {
            _unproven.TryRemove((chatId, text), out _);
            throw; // Certainly not sent: the caller retries it, with delays.
        }
        // end
    }

    private async Task RepeatAsync(Func<Task> call, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (ChatsException failure) when (!failure.MayHaveBeenSent && attempt < Attempts)
            {
                var pause = (failure as ChatsRateLimitException)?.RetryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
                await Task.Delay(pause, clock, stopping);
            }
        }
    }
}
