using System.Globalization;
using YandexMarket.Chats;

// A read, a send and an error, told in lines that the test knows beforehand. Arguments: address, business, chat, message, text.
var (business, chat, message) = (Number(args[1]), Number(args[2]), Number(args[3]));
using var client = new ChatsClient(new ChatsClientOptions
{
    ApiKey = Environment.GetEnvironmentVariable("CHATS_API_KEY"),
    BaseAddress = new Uri(args[0]),
});

var read = await client.GetChatMessageAsync(business, chat, message).ConfigureAwait(false);
Console.WriteLine($"read {read.MessageId} {read.Sender} {read.Message}");

await client.SendMessageToChatAsync(business, chat, args[4]).ConfigureAwait(false);
Console.WriteLine("sent");

try
{
    await client.GetChatMessageAsync(business, chat, message + 1000).ConfigureAwait(false);
}
catch (ChatsApiException exception)
{
    Console.WriteLine($"error {exception.StatusCode} {exception.Errors[0].Code}");
}

static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
