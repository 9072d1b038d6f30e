using Microsoft.Extensions.Time.Testing;

namespace YandexMarket.Chats.AspNetCore.Tests;

/// <summary>An application that receives notifications, on a free loopback port, by default in the environment Production.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Shop(Setup setup)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = setup.Environment, ApplicationName = "shop" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        builder.Services.AddSingleton<TimeProvider>(Clock).AddSingleton(Recorder);
        builder.Services.AddChatsNotifications<RecordingHandler>(setup.Options);
        builder.Services.AddHealthChecks().AddChatsNotifications(maxPingAge: TimeSpan.FromHours(2));
        setup.Services?.Invoke(builder.Services);
        builder.Services.AddRequestDecompression();
        _app = builder.Build();
        setup.Middleware?.Invoke(_app);
        _app.MapChatsNotifications();
        _app.MapChatsNotifications("/");
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 16, 13, 0, 0, TimeSpan.FromHours(3)));

    public RecordingHandler Recorder { get; } = new();

    public IEnumerable<string> Log => Services.GetFakeLogCollector().GetSnapshot()
        .Select(entry => $"{entry.Category} {entry.Level}: {entry.Message} {entry.Exception}");

    /// <summary>The log entries of the package under test.</summary>
    public IEnumerable<string> OurLog => Log.Where(line => line.StartsWith("YandexMarket.", StringComparison.Ordinal));

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    public static Task<Shop> StartAsync(Action<ChatsNotificationOptions>? options = null) => StartAsync(new Setup { Options = options });

    public static async Task<Shop> StartAsync(Setup setup)
    {
        var shop = new Shop(setup);
        await shop._app.StartAsync();
        return shop;
    }

    /// <summary>Sends bytes over a new connection and reads until the server closes it.</summary>
    public Task<RawResponse> SendAsync(params byte[][] parts) => RawRequest.SendAsync(Address.Port, parts);

    public Task<RawResponse> PostAsync(string body) => SendAsync(Raw.Post(body));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Setup
    {
        public string Environment { get; init; } = Environments.Production;

        public Action<ChatsNotificationOptions>? Options { get; init; }

        public Action<IServiceCollection>? Services { get; init; }

        /// <summary>What the application puts before the endpoints.</summary>
        public Action<IApplicationBuilder>? Middleware { get; init; }
    }
}
