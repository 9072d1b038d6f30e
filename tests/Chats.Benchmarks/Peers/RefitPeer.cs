using System.Text.Json;
using Refit;

namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>Refit with System.Text.Json, its default, as its documentation shows it.</summary>
internal sealed class RefitPeer : Peer
{
    private readonly IChats _chats;

    public RefitPeer(HttpMessageHandler handler, Uri address)
    {
        var http = new HttpClient(handler) { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/')) };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        http.DefaultRequestHeaders.Add("Api-Key", Key);
        _chats = RestService.For<IChats>(http);
    }

    public override Task ReadAsync() => GetAsync();

    public override Task SendAsync(string text) => PostAsync(text);

    public override string Describe(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Describe(Exception error) => ((DtoException)error).ToString();

    private async Task<MessageDto> GetAsync()
    {
        try
        {
            var response = await _chats.GetAsync(BusinessId, ChatId, MessageId, CancellationToken.None).ConfigureAwait(false);
            return response.Result ?? throw new InvalidDataException("The response has no message.");
        }
        catch (ApiException exception)
        {
            throw Parse(exception);
        }
    }

    private async Task PostAsync(string text)
    {
        try
        {
            var response = await _chats.SendAsync(BusinessId, ChatId, new TextDto { Message = text }, CancellationToken.None).ConfigureAwait(false);
            if (response.Status != "OK")
            {
                throw new InvalidDataException("The response is not OK.");
            }
        }
        catch (ApiException exception)
        {
            throw Parse(exception);
        }
    }

    private static DtoException Parse(ApiException exception) =>
        new((int)exception.StatusCode, JsonSerializer.Deserialize<ErrorResponseDto>(exception.Content ?? "null", JsonSerializerOptions.Web));
}

internal interface IChats
{
    [Get("/businesses/{businessId}/chats/message")]
    Task<MessageResponseDto> GetAsync(long businessId, long chatId, long messageId, CancellationToken cancellationToken);

    [Post("/businesses/{businessId}/chats/message")]
    Task<ResponseDto> SendAsync(long businessId, [Query] long chatId, [Body] TextDto text, CancellationToken cancellationToken);
}
