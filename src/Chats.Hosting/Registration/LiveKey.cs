using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>The current key: a reload of the configuration changes it without a restart.</summary>
internal sealed class LiveKey
{
    private readonly string _name;
    private readonly IOptionsMonitor<ChatsClientOptions> _options;
    private readonly ChatsLog _log;
    private volatile string? _lastGood;
    private int _isStale;

    public LiveKey(string name, IOptionsMonitor<ChatsClientOptions> options, ChatsLog log)
    {
        _name = name;
        _options = options;
        _log = log;
        _lastGood = options.Get(name).ApiKey;
    }

    public string Read()
    {
        try
        {
            var key = _options.Get(_name).ApiKey;
            if (key is not null)
            {
                _isStale = 0;
                return _lastGood = key;
            }
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            // A mistake in a reload must not stop a working client.
        }

        if (Interlocked.Exchange(ref _isStale, 1) == 0)
        {
            _log.ReloadRefused(_name);
        }

        return _lastGood!;
    }
}
