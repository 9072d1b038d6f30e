using System.Diagnostics;
using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>
/// The file of <c>chats emulator --state</c>. It is replaced as a whole, never written into, so that a process that dies leaves a complete
/// one; and only one emulator can have it open, since a second one would undo what the first has saved.
/// </summary>
internal sealed class StateFile : IDisposable
{
    private readonly PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(250));
    private readonly string _name;
    private readonly string _path;
    private readonly FileStream _lock;
    private Task _saving = Task.CompletedTask;
    private bool _isChanged;

    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public StateFile(string given)
    {
        _name = Safe.Line(given);
        try
        {
            // The target of a link is replaced, not the link.
            _path = Path.GetFullPath(given);
            _path = new FileInfo(_path).LinkTarget is null ? _path : File.ResolveLinkTarget(_path, returnFinalTarget: true)!.FullName;
            _lock = Create(_path + ".lock", FileMode.OpenOrCreate, FileOptions.DeleteOnClose);
            Content = Path.Exists(_path) ? File.ReadAllBytes(_path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            _lock?.Dispose();
            throw new UsageException($"{_name} cannot be used: {Safe.Line(exception.Message)}");
        }
    }

    /// <summary>What is in the file, or null if there is no file yet.</summary>
    public byte[]? Content { get; }

    /// <summary>The error for a file that does not contain a saved state. The file is not changed.</summary>
    public UsageException InvalidState(InvalidDataException exception) =>
        new($"{_name} cannot be read: {(Content is { Length: 0 } ? "It is empty: delete it to begin with the demo's data." : Safe.Line(exception.Message))} The file was not changed.");

    /// <summary>Saves the emulator's state, and from now on every change within half a second.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Keep(ChatsEmulator emulator, Shell shell)
    {
        emulator.StateChanged += () => Volatile.Write(ref _isChanged, true);
        if (TrySave(emulator) is { } reason)
        {
            throw new UsageException($"{_name} cannot be written: {reason}");
        }

        _saving = SaveChangesAsync(emulator, shell);
    }

    /// <summary>Saves for the last time, after the emulator has stopped.</summary>
    /// <returns>Whether everything is in the file.</returns>
    public async Task<bool> FinishAsync(ChatsEmulator emulator, Shell shell)
    {
        _timer.Dispose();
        await _saving;
        var reason = TrySave(emulator);
        if (reason is not null)
        {
            shell.Warn($"chats: {_name} does not contain the last changes: {reason}");
        }

        return reason is null;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _lock.Dispose();
    }

    private async Task SaveChangesAsync(ChatsEmulator emulator, Shell shell)
    {
        var (isFailing, earliest) = (false, 0L);
        while (await _timer.WaitForNextTickAsync())
        {
            // A large state must not be written constantly. What changes while the file is being written is saved the next time.
            if (Stopwatch.GetTimestamp() < earliest || !Interlocked.Exchange(ref _isChanged, false))
            {
                continue;
            }

            var start = Stopwatch.GetTimestamp();
            var reason = TrySave(emulator);
            earliest = start + (5 * (Stopwatch.GetTimestamp() - start));
            if (reason is not null)
            {
                Volatile.Write(ref _isChanged, true);
            }

            if (isFailing != reason is not null)
            {
                isFailing = !isFailing;
                shell.Warn(
                    isFailing ? $"chats: {_name} cannot be written (retrying): {reason}" : $"chats: {_name} has been saved.");
            }
        }
    }

    /// <summary>Returns why it could not be saved, or null if it was.</summary>
    private string? TrySave(ChatsEmulator emulator)
    {
        try
        {
            // A process that died while saving may have left one. A new file belongs to this user, and no other can read it.
            var temporary = _path + ".tmp";
            File.Delete(temporary);
            using (var stream = Create(temporary, FileMode.CreateNew, FileOptions.None))
            {
                emulator.SaveState(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, _path, overwrite: true);
            return null;
        }
        catch (Exception exception)
        {
            // .NET has another exception for each error of the system; none may end the saving.
            return Safe.Line(exception.Message);
        }
    }

    private static FileStream Create(string path, FileMode mode, FileOptions options)
    {
        var all = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            all.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, all);
    }
}
