using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting;

/// <summary>The current key: a reload of the configuration changes it without a restart.</summary>
internal sealed class LiveKey(string name, string initial, IOptionsMonitor<ChatsClientOptions> options, ChatsLog log)
{
    private volatile string _lastValid = initial;
    private int _isStale;

    public string Read()
    {
        string reason;
        try
        {
            if (options.Get(name).ApiKey is { } key)
            {
                _isStale = 0;
                return _lastValid = key;
            }

            reason = "there is no ApiKey";
        }
        catch (Exception exception)
        {
            // Any exception, because the application's own code may set the options. A mistake in a reload must not stop a working client.
            reason = (exception as OptionsValidationException)?.Message ?? exception.GetType().Name;
        }

        if (Interlocked.Exchange(ref _isStale, 1) == 0)
        {
            log.ReloadIgnored(name, reason);
        }

        return _lastValid;
    }
}
