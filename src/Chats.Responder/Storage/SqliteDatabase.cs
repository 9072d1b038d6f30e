using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>SQLite has one writer at a time, and each commit waits for the disk. So waiting writes are committed together.</summary>
internal sealed class SqliteDatabase(IDbContextFactory<SqliteContext> contexts) : ResponderDatabase
{
    private const int MaxBatch = 200;

    private readonly Queue<Write> _waiting = [];
    private bool _isWriting;

    public override async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var context = await CreateContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken).ConfigureAwait(false);
            // EF Core's lock is a row; in a transaction, it does not outlive a process that is killed during the migration.
            await InTransactionAsync(
                context,
                async () =>
                {
                    await MigrateAsync(context, cancellationToken).ConfigureAwait(false);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        T result = default!;
        var write = new Write(async context => result = await work(context).ConfigureAwait(false));
        lock (_waiting)
        {
            _waiting.Enqueue(write);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = Task.Run(WriteAllAsync, CancellationToken.None);
            }
        }

        await write.Done.Task.ConfigureAwait(false);
        return result;
    }

    protected override async Task<ResponderContext> CreateContextAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        CreateFile(new(context.Database.GetConnectionString()));
        return context;
    }

    /// <summary>SQLite would make the file readable by everyone. The files that it creates next to it get the same mode.</summary>
    private static void CreateFile(SqliteConnectionStringBuilder settings)
    {
        var path = settings.DataSource;
        if (OperatingSystem.IsWindows() || settings.Mode != SqliteOpenMode.ReadWriteCreate || path is "" or ":memory:" || path.StartsWith("file:", StringComparison.Ordinal)
            || path.StartsWith('|') || File.Exists(path))
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

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<Write> batch = [];
            lock (_waiting)
            {
                while (batch.Count < MaxBatch && _waiting.TryDequeue(out var next))
                {
                    batch.Add(next);
                }

                if (batch.Count == 0)
                {
                    _isWriting = false;
                    return;
                }
            }

            var commit = CommitAsync(batch);
            await commit.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var write in batch)
            {
                // One failing write must not fail the others, so each is retried on its own.
                var own = commit.IsCompletedSuccessfully || batch.Count == 1 ? commit : CommitAsync([write]);
                await own.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                write.Done.SetFromTask(own);
            }
        }
    }

    private async Task CommitAsync(List<Write> batch)
    {
        var context = await CreateContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            await InTransactionAsync(
                context,
                async () =>
                {
                    foreach (var write in batch)
                    {
                        await write.Work(context).ConfigureAwait(false);
                    }

                    return batch.Count;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    private sealed record Write(Func<ResponderContext, Task> Work)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
