using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>The current key: a reload of the configuration changes it without a restart.</summary>
internal sealed class LiveKey(string name, IOptionsMonitor<ChatsClientOptions> options, ChatsLog log)
{
    private volatile string? _lastValid = options.Get(name).ApiKey;
    private int _isStale;

    public string Read()
    {
        try
        {
            var key = options.Get(name).ApiKey;
            if (key is not null)
            {
                _isStale = 0;
                return _lastValid = key;
            }
        }
        catch (Exception)
        {
            // Any exception, because the application's own code may set the options. A mistake in a reload must not stop a working client.
        }

        if (Interlocked.Exchange(ref _isStale, 1) == 0)
        {
            log.ReloadIgnored(name);
        }

        return _lastValid!;
    }
}
