using System.IO;
using System.Threading.Tasks;
using YandexMarket.Chats;

namespace Consumers
{
    /// <summary>What a library offers to applications of any framework: the client's types are part of it.</summary>
    public sealed class Desk
    {
        private readonly IChatsClient _client;

        public Desk(IChatsClient client) => _client = client;

        public Task WorkAsync(TextWriter output) => Conversation.HoldAsync(_client, output);
    }
}
