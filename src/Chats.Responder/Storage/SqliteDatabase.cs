using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>SQLite has one writer at a time, and each commit waits for the disk. So waiting writes are committed together.</summary>
internal sealed class SqliteDatabase(IDbContextFactory<ResponderContext> contexts) : ResponderDatabase(contexts)
{
    private const int MaxBatch = 200;

    private readonly Queue<Write> _waiting = [];
    private Task _lastTurn = Task.CompletedTask;
    private volatile bool _isMissing;

    public override async Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result = default!;
        var write = new Write(async context => result = await work(context).ConfigureAwait(false), cancellationToken);
        lock (_waiting)
        {
            _waiting.Enqueue(write);
            // Each write adds a turn, and turns run one after the other. One can commit several writes, so a later one may find nothing to do. None
            // may run in the context of a caller, such as its ambient transaction.
            using IDisposable? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            _lastTurn = _lastTurn
                .ContinueWith(_ => CommitWaitingAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
        }

        await write.Done.Task.ConfigureAwait(false);
        return result;
    }

    protected override async Task<bool> MigrateAsync(ResponderContext context, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken).ConfigureAwait(false);
        // EF Core's lock is a row; in a transaction, it does not outlive a process that is killed during the migration.
        return await InTransactionAsync(context, () => base.MigrateAsync(context, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    protected override async Task<ResponderContext> CreateContextAsync(CancellationToken cancellationToken)
    {
        var context = await base.CreateContextAsync(cancellationToken).ConfigureAwait(false);
        CreateFile(new(context.Database.GetConnectionString()));
        return context;
    }

    /// <summary>SQLite would make the file readable by everyone. The files that it creates next to it get the same mode.</summary>
    private void CreateFile(SqliteConnectionStringBuilder settings)
    {
        var path = settings.DataSource;
        if (OperatingSystem.IsWindows() || path is "" or ":memory:" || path.StartsWith("file:", StringComparison.Ordinal) || path.StartsWith('|')
            || (!Path.IsPathRooted(path) && AppDomain.CurrentDomain.GetData("DataDirectory") is not null) || (!_isMissing && File.Exists(path)))
        {
            return;
        }

        if (IsMigrated)
        {
            // Until the process ends: even after the file is restored, open connections would still use the deleted one, and new ones the other.
            _isMissing = true;
            throw new DatabaseFileMissingException();
        }

        if (settings.Mode != SqliteOpenMode.ReadWriteCreate)
        {
            return;
        }

        try
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })
                .Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process created it.
        }
    }

    private async Task CommitWaitingAsync()
    {
        List<Write> batch = [];
        lock (_waiting)
        {
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var next))
            {
                if (next.CancellationToken.IsCancellationRequested)
                {
                    next.Done.SetCanceled(next.CancellationToken);
                }
                else
                {
                    batch.Add(next);
                }
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        Task commit = CommitAsync(batch);
        await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // One failing write must not fail the others, so each is retried on its own; unless another process locks the file (SQLITE_BUSY,
        // SQLITE_LOCKED), when each would wait for the whole timeout.
        var isLocked = commit.Exception?.InnerException is SqliteException { SqliteErrorCode: 5 or 6 };
        foreach (var write in batch)
        {
            Task own = commit.IsCompletedSuccessfully || batch.Count == 1 || isLocked ? commit : CommitAsync([write]);
            await own.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            write.Done.SetFromTask(own);
        }
    }

    private Task<int> CommitAsync(List<Write> batch) => RunAsync(
        context => InTransactionAsync(
            context,
            async () =>
            {
                foreach (var write in batch)
                {
                    await write.Work(context).ConfigureAwait(false);
                }

                return batch.Count;
            },
            CancellationToken.None),
        CancellationToken.None);

    private sealed record Write(Func<ResponderContext, Task> Work, CancellationToken CancellationToken)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

internal sealed class DatabaseFileMissingException()
    : IOException("the database file is missing: stop the application, delete its -wal and -shm, restore the file, and start the application again");
