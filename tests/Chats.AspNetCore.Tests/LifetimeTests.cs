namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>How often a handler is created and disposed, by the lifetime of its registration.</summary>
public sealed class LifetimeTests
{
    // Created and disposed after two notifications, and disposed after the end of the application.
    [TestCase("scoped by default", 2, 2, 2)]
    [TestCase("singleton", 1, 0, 1)]
    [TestCase("singleton registered afterwards", 1, 0, 1)]
    [TestCase("instance", 1, 0, 0, Description = "The container does not own it.")]
    public async Task A_handler_is_disposed_once_at_the_end_of_its_lifetime(string how, int created, int disposed, int disposedAtTheEnd)
    {
        var uses = new Uses();
        await using (var shop = await Shop.StartAsync(new Shop.Setup { Services = services => Register(services.AddSingleton(uses), how, uses) }))
        {
            Assert.That((await shop.PostAsync(Raw.Message)).Status, Is.EqualTo(200));
            Assert.That((await shop.PostAsync(Raw.MessageOf(4))).Status, Is.EqualTo(200));

            // The scope of a request ends after its response.
            await Until.TrueAsync(() => uses.Disposed >= disposed);
            Assert.That((uses.Created, uses.Handled, uses.Disposed), Is.EqualTo((created, 2, disposed)));
        }

        Assert.That(uses.Disposed, Is.EqualTo(disposedAtTheEnd));
    }

    private static void Register(IServiceCollection services, string how, Uses uses)
    {
        _ = how switch
        {
            "singleton" => services.AddSingleton<Handler>(),
            "instance" => services.AddSingleton(new Handler(uses)),
            _ => services,
        };
        services.AddChatsNotifications<Handler>();
        if (how == "singleton registered afterwards")
        {
            services.AddSingleton<Handler>();
        }
    }

    private sealed class Uses
    {
        public int Created;
        public int Handled;
        public int Disposed;
    }

    private sealed class Handler : IChatsNotificationHandler, IAsyncDisposable
    {
        private readonly Uses _uses;

        public Handler(Uses uses)
        {
            _uses = uses;
            Interlocked.Increment(ref uses.Created);
        }

        public Task OnChatMessageSentAsync(ChatMessageSentNotification notification, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _uses.Handled);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Increment(ref _uses.Disposed);
            return ValueTask.CompletedTask;
        }
    }
}
