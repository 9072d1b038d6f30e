using System.Diagnostics;
using System.Threading.Channels;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// The file of <c>chats emulator --state</c>. It is replaced as a whole, never written into, so that a process that dies leaves a good one;
/// and one emulator alone has it, or the second would undo what the first has saved.
/// </summary>
internal sealed class StateFile : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _pauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly string _given;
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _lock;
    private Task _saving = Task.CompletedTask;

    private StateFile(string given, string path, FileStream @lock)
    {
        (_given, _path, _temporary, _lock) = (given, path, path + ".tmp", @lock);
        Content = File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>What is in the file, or null if there is no file yet.</summary>
    public byte[]? Content { get; }

    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public static StateFile Open(string given)
    {
        FileStream? held = null;
        try
        {
            // The file that a link leads to is replaced, and not the link.
            var isThere = File.Exists(given);
            var path = (isThere ? File.ResolveLinkTarget(given, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(given);
            if (Directory.Exists(path))
            {
                throw new UnauthorizedAccessException();
            }

            held = new FileStream(path + ".lock", Options(FileMode.OpenOrCreate, FileOptions.DeleteOnClose));
            var file = new StateFile(given, path, held);
            return file.Content is { Length: 0 } ? throw file.NoState(new InvalidDataException("line 1: there is nothing in it.")) : file;
        }
        catch (UsageException)
        {
            held?.Dispose();
            throw;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            held?.Dispose();
            var isTaken = held is null && exception.GetType() == typeof(IOException);
            throw new UsageException(isTaken
                ? $"{Safe.Line(given)} cannot be opened: another emulator may be using it."
                : $"{Safe.Line(given)} cannot be used: {Reason(exception)}.");
        }
    }

    /// <summary>The error for a file that does not hold a saved state. The file is left as it is.</summary>
    public UsageException NoState(InvalidDataException exception) =>
        new($"{Safe.Line(_given)} cannot be read: {Safe.Line(exception.Message)} It was left as it is.");

    /// <summary>Saves what the emulator holds, and from now on every change within half a second or so.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Keep(ChatsEmulator emulator, TextWriter error)
    {
        emulator.StateChanged += () => _changes.Writer.TryWrite(true);
        if (TrySave(emulator) is { } reason)
        {
            throw new UsageException($"{Safe.Line(_given)} cannot be written: {reason}.");
        }

        _saving = Task.Run(() => SaveChangesAsync(emulator, error));
    }

    /// <summary>Saves for the last time, after the emulator has stopped.</summary>
    /// <returns>Whether everything is in the file.</returns>
    public async Task<bool> FinishAsync(ChatsEmulator emulator, TextWriter error)
    {
        _changes.Writer.Complete();
        await _stopping.CancelAsync();
        await _saving;
        if (TrySave(emulator) is not { } reason)
        {
            return true;
        }

        await error.WriteLineAsync($"chats: The last changes are not in {Safe.Line(_given)}: {reason}.");
        return false;
    }

    public void Dispose()
    {
        _lock.Dispose();
        _stopping.Dispose();
    }

    private async Task SaveChangesAsync(ChatsEmulator emulator, TextWriter error)
    {
        var pause = _pause;
        var failed = false;
        await foreach (var _ in _changes.Reader.ReadAllAsync())
        {
            // Changes come in bursts, and a large state must not be written all the time.
            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            // Taken off before the saving: what comes after it is a change again.
            _changes.Reader.TryRead(out var _);
            var started = Stopwatch.GetTimestamp();
            var reason = TrySave(emulator);
            pause = reason is not null ? _pauseAfterFailure : Longer(_pause, 4 * Stopwatch.GetElapsedTime(started));
            if (reason is not null)
            {
                _changes.Writer.TryWrite(true);
            }

            if (reason is not null != failed)
            {
                failed = !failed;
                await error.WriteLineAsync(failed
                    ? $"chats: {Safe.Line(_given)} cannot be written, and is tried again every second: {reason}."
                    : $"chats: {Safe.Line(_given)} could be written again.");
            }
        }
    }

    /// <summary>Says why it could not be saved, or null if it is.</summary>
    private string? TrySave(ChatsEmulator emulator)
    {
        try
        {
            // The remains of a process that died while saving; a new file is ours and readable by no other user.
            File.Delete(_temporary);
            using (var stream = new FileStream(_temporary, Options(FileMode.CreateNew, FileOptions.None)))
            {
                emulator.SaveState(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(_temporary, _path, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Reason(exception);
        }
    }

    private static FileStreamOptions Options(FileMode mode, FileOptions options)
    {
        var all = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            all.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return all;
    }

    private static string Reason(Exception exception) => exception switch
    {
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "it is not a file, or permission to use it is missing",
        _ => Safe.Line(exception.Message).TrimEnd('.'),
    };

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
