using System.Text;

namespace YandexMarket.Chats.Hosting;

/// <summary>A key in a file of its own, as secrets are mounted into containers.</summary>
internal sealed class KeyFile(string path, TimeProvider clock)
{
    private static readonly TimeSpan _freshness = TimeSpan.FromSeconds(5);

    private sealed record Reading(string Key, long At);

    private volatile Reading? _last;

    /// <summary>What is wrong with the file and how to mend it, or null.</summary>
    public static string? FaultIn(string path)
    {
        string key;
        try
        {
            key = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception exception) when (IsOfFile(exception))
        {
            return $"the file cannot be read ({exception.GetType().Name}): give a path that exists and rights to read it.";
        }

        return key.Length > 0 && key[key.Length - 1] is '\r' or '\n'
            ? "the file ends with a line break, which is no part of the key: write it without one (printf in place of echo)."
            : ApiKeyText.FaultIn(key);
    }

    /// <summary>The key. While the file is being replaced, or holds no key, the last good one.</summary>
    public string Read()
    {
        var last = _last;
        if (last is not null && clock.GetElapsedTime(last.At) < _freshness)
        {
            return last.Key;
        }

        try
        {
            var key = File.ReadAllText(path, Encoding.UTF8);
            if (last is null || ApiKeyText.FaultIn(key) is null)
            {
                last = new Reading(key, clock.GetTimestamp());
            }
        }
        catch (Exception exception) when (last is not null && IsOfFile(exception))
        {
            // Asked again with the next call.
        }

        _last = last;
        return last!.Key;
    }

    private static bool IsOfFile(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
