using System;
using System.Threading.Tasks;
using YandexMarket.Chats;

namespace Consumers
{
    internal static class Program
    {
        private static async Task Main()
        {
            var options = new ChatsClientOptions
            {
                ApiKey = Environment.GetEnvironmentVariable("Chats__ApiKey"),
                BaseAddress = new Uri(Environment.GetEnvironmentVariable("Chats__BaseAddress")),
            };
            using (var client = new ChatsClient(options))
            {
                await Conversation.HoldAsync(client, Console.Out);
            }
        }
    }
}
