using System.IO;
using System.Threading.Tasks;
using YandexMarket.Chats;

namespace Consumers
{
    /// <summary>A read, a send and an error, told in lines that the tests know beforehand. In the C# of .NET Framework.</summary>
    internal static class Conversation
    {
        public static async Task HoldAsync(IChatsClient client, TextWriter output)
        {
            var question = await client.GetChatMessageAsync(1, 2, 1).ConfigureAwait(false);
            output.WriteLine("read " + question.MessageId + " " + question.Sender + " " + question.Message);

            await client.SendMessageToChatAsync(1, 2, "Уже в пути").ConfigureAwait(false);
            output.WriteLine("sent");

            try
            {
                await client.GetChatMessageAsync(1, 2, 1000).ConfigureAwait(false);
            }
            catch (ChatsApiException error)
            {
                output.WriteLine("error " + error.StatusCode + " " + error.Errors[0].Code);
            }
        }
    }
}
