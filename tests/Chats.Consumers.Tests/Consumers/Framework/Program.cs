using System;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats;
using YandexMarket.Chats.Hosting;

namespace Consumers
{
    internal static class Program
    {
        private static async Task Main()
        {
            using (var client = new ChatsClient(Options(new ChatsClientOptions())))
            {
                await Conversation.HoldAsync(client, Console.Out);
            }

            var services = new ServiceCollection();
            services.AddChatsClient(options => Options(options));
            using (var provider = services.BuildServiceProvider())
            {
                await Conversation.HoldAsync(provider.GetRequiredService<IChatsClient>(), Console.Out);
            }
        }

        private static ChatsClientOptions Options(ChatsClientOptions options)
        {
            options.ApiKey = Environment.GetEnvironmentVariable("Chats__ApiKey");
            options.BaseAddress = new Uri(Environment.GetEnvironmentVariable("Chats__BaseAddress"));
            return options;
        }
    }
}
