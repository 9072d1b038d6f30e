using Microsoft.Extensions.DependencyInjection;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>The calls of <see cref="IChatsNotificationDuplicates"/>, which drops duplicates across machines.</summary>
public sealed class DuplicatesTests
{
    [TestCase("true", false, 200, 1, "start ChatMessageSent:1:2:3, end True")]
    [TestCase("true", true, 500, 1, "start ChatMessageSent:1:2:3, end False")]
    [TestCase("false", false, 200, 0, "start ChatMessageSent:1:2:3")]
    [TestCase("throws", false, 500, 0, "start ChatMessageSent:1:2:3")]
    public async Task It_decides_whether_a_notification_is_handled(string start, bool handlerFails, int status, int handled, string asked)
    {
        var duplicates = new Duplicates(start);
        var handler = new Handler(handlerFails);
        await using var shop = await Shop.StartAsync(new Shop.Setup
        {
            Services = services => services.AddSingleton<IChatsNotificationDuplicates>(duplicates).AddSingleton<IChatsNotificationHandler>(handler),
        });

        var response = await shop.SendAsync(Raw.Post(Raw.Message, headers: ""));

        Assert.That((response.Status, handler.Calls, string.Join(", ", duplicates.Asked)), Is.EqualTo((status, handled, asked)));
    }

    private sealed class Duplicates(string start) : IChatsNotificationDuplicates
    {
        public List<string> Asked { get; } = [];

        public Task<bool> TryStartAsync(string notification, CancellationToken cancellationToken)
        {
            Asked.Add($"start {notification}");
            return start == "throws" ? throw new InvalidOperationException() : Task.FromResult(start == "true");
        }

        public Task EndAsync(string notification, bool handled)
        {
            Asked.Add($"end {handled}");
            return Task.CompletedTask;
        }
    }

    private sealed class Handler(bool fails) : IChatsNotificationHandler
    {
        public int Calls { get; private set; }

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
        {
            Calls++;
            return fails ? throw new InvalidOperationException() : Task.CompletedTask;
        }
    }
}
