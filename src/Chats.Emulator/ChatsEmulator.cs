using System.Net;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The chat operations of the Yandex Market Partner API in a box: a small HTTP service in this process, on 127.0.0.1 unless
/// <see cref="ChatsEmulatorOptions.Host"/> says otherwise, with businesses, chats, messages, keys, limits and faults. Start one per test, or
/// one for many: all members are safe for any number of threads.
/// </summary>
/// <remarks>
/// A call is checked in this order, and the first thing that is wrong is the response: path (404), method (405), key (401), scopes (403),
/// business of the path (400; 403 if there is none or the key does not open it), calls at once (420), calls in this hour (420), then of a
/// send the presence (400), the content type (415) and the stated length (400) of the body, then <c>chatId</c> and <c>messageId</c>
/// (400), the body (400), the chat (404) and the message (404). The responses and texts are those that the vendor documents; the order,
/// and what is said of a business that the key does not open, are inferred.
/// </remarks>
/// <example><code>
/// await using var emulator = await ChatsEmulator.StartAsync();
/// emulator.AddKey("my-key", "communication");
/// var chat = emulator.AddBusiness(1).AddChat(2);
/// var message = chat.Receive("Where is my parcel?");
/// // call emulator.BaseAddress, then look at chat.Messages and emulator.Requests
/// </code></example>
public sealed partial class ChatsEmulator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly EmulatorState _state;
    private readonly EmulatorServer _server;
    private readonly Receiver _receiver;
    private int _disposed;

    private ChatsEmulator(ChatsEmulatorOptions options)
    {
        _state = new EmulatorState(options);
        if (!options.InitialState.IsEmpty)
        {
            new StateReader(_state).Read(options.InitialState.Span);
        }

        _server = new EmulatorServer(new CallHandler(_state, _stopping.Token), new IPEndPoint(options.Host, options.Port));
        _receiver = new Receiver(options);
        Notifications = new ChatsNotifications(options, _receiver, _stopping.Token);
        _state.MessageAppeared = Notifications.MessageAppeared;
        _state.ChatChanged = Notifications.ChatChanged;
    }

    /// <summary>
    /// The address for clients, such as <c>http://127.0.0.1:41234/v2/</c>, with a slash at the end. The same without <c>v2/</c> works too,
    /// as older pages of the API have it.
    /// </summary>
    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>The emulator's own record of its calls: the requests, the responses, and what was truly taken.</summary>
    public RequestLog Requests => _state.Requests;

    /// <summary>Faults on demand: lost responses, resets, stalls and whatever else a network and a service do.</summary>
    public ChatsFaults Faults => _state.Faults;

    /// <summary>The notifications of chats and messages: where they go, how each attempt ended, and a PING on demand.</summary>
    public ChatsNotifications Notifications { get; }

    /// <summary>Starts an emulator.</summary>
    /// <param name="options">Its behavior, copied. Default: the documented limits, on a free port of 127.0.0.1.</param>
    /// <param name="cancellationToken">Cancels starting.</param>
    /// <returns>The running emulator. Dispose it to stop it.</returns>
    /// <exception cref="ArgumentException">An option is out of its bounds; the text names it and them.</exception>
    /// <exception cref="InvalidDataException">
    /// <see cref="ChatsEmulatorOptions.InitialState"/> cannot be read; the text names the line or the member, and the rule.
    /// </exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ChatsEmulator> StartAsync(ChatsEmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new ChatsEmulator((options ?? new()).CheckedCopy());
        try
        {
            emulator.BaseAddress = await emulator._server.StartAsync(cancellationToken).ConfigureAwait(false);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops the emulator: stalled calls and pending notifications end, connections close, the port is free again.</summary>
    /// <returns>A task that ends when nothing of the emulator runs any more.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        try
        {
            await Notifications.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            _receiver.Dispose();
            _stopping.Dispose();
        }
    }
}
