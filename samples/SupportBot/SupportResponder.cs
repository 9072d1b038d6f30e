using YandexMarket.Chats.Responder;

namespace YandexMarket.Samples;

/// <summary>What the shop says. A message without a text, only files, is left to the staff.</summary>
public sealed class SupportResponder : IChatsResponder
{
    // README: A bot that answers once, its text
    public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(message.Text is null ? null : $"Thank you! Your request number is {message.Message.MessageId}. We are looking into it.");
    // end
}
