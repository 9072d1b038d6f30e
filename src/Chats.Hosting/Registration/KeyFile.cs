using System.Text;

namespace YandexMarket.Chats.Hosting;

/// <summary>A key in a file of its own, as secrets are mounted into containers.</summary>
internal sealed class KeyFile(string path, string name, TimeProvider clock, ChatsLog log)
{
    private static readonly TimeSpan _freshness = TimeSpan.FromSeconds(5);

    private sealed class Reading(string key, long at)
    {
        public string Key => key;

        public long At => at;
    }

    private volatile Reading? _last;
    private int _isStale;

    /// <summary>What is wrong with the file and how to fix it, or null.</summary>
    public static string? FaultIn(string path)
    {
        try
        {
            return FaultInKey(ReadAll(path));
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            return Unreadable(exception);
        }
    }

    /// <summary>The key. While the file is being replaced, or holds no key, the last good one.</summary>
    public string Read()
    {
        var last = _last;
        if (last is not null && clock.GetElapsedTime(last.At) < _freshness)
        {
            return last.Key;
        }

        string? fault;
        try
        {
            var key = ReadAll(path);
            fault = FaultInKey(key);
            if (fault is null || last is null)
            {
                _last = last = new Reading(key, clock.GetTimestamp());
            }
        }
        catch (Exception exception) when (last is not null && IsOfFile(exception))
        {
            fault = Unreadable(exception);
        }

        // A bad one is read again with the next call, and reported once.
        if (Interlocked.Exchange(ref _isStale, fault is null ? 0 : 1) == 0 && fault is not null)
        {
            log.KeyFileRefused(name, fault);
        }

        return last!.Key;
    }

    private static string ReadAll(string path) => File.ReadAllText(path, Encoding.UTF8);

    private static string? FaultInKey(string key) => key.Length > 0 && key[key.Length - 1] is '\r' or '\n'
        ? "the file ends with a line break, which is no part of the key: write it without one (printf in place of echo)."
        : ApiKeyText.FaultIn(key);

    private static string Unreadable(Exception exception) =>
        $"the file cannot be read ({exception.GetType().Name}): give a path that exists and rights to read it.";

    private static bool IsOfFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
