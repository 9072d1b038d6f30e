using YandexMarket.Chats.Responder;

namespace YandexMarket.Samples;

/// <summary>Composes the shop's replies. A message that has only files gets no reply, and nobody is notified of it.</summary>
public sealed class SupportResponder : IChatsResponder
{
    // README: A bot that answers once, its text
    public Task<string?> RespondAsync(IncomingChatMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(message.Text is null ? null : $"Thank you! Your request number is {message.Message.MessageId}. We are looking into it.");
    // end
}
