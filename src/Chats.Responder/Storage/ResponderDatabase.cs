using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>What differs between the databases: how writes are committed, and how claims exclude each other.</summary>
internal abstract class ResponderDatabase(IDbContextFactory<ResponderContext> contexts)
{
    private volatile bool _isMigrated;

    /// <summary>How long to wait after a failure of the database, so that it is used again soon after an outage: 1, 2, 4, then 8 seconds at
    /// most.</summary>
    /// <param name="failures">The failures before this one.</param>
    public static TimeSpan DelayAfter(int failures) => TimeSpan.FromSeconds((1 << Math.Min(failures, 3)) * (1 - (0.2 * Random.Shared.NextDouble())));

    /// <summary>Whether this process has migrated the schema.</summary>
    protected bool IsMigrated => _isMigrated;

    /// <summary>Creates or migrates the schema, unless this process has done so.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken) =>
        _isMigrated = _isMigrated || await RunAsync(context => MigrateAsync(context, cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <summary>Runs the work in a transaction and commits it. The work may run twice, and must only use the database.</summary>
    public abstract Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Like <see cref="WriteAsync{T}"/>, but one at a time in all processes. A claim need not survive a crash of the database.</summary>
    public virtual Task<T> ClaimAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken) =>
        WriteAsync(work, cancellationToken);

    /// <summary>
    /// A time, in Unix milliseconds, that is not in the future: with a wrong clock one machine could delete what all of them know. The file of
    /// SQLite belongs to one machine.
    /// </summary>
    public virtual Task<long> NowAsync(long localNow, CancellationToken cancellationToken) => Task.FromResult(localNow);

    /// <summary>Runs the work, usually one query, without a transaction of its own.</summary>
    public async Task<T> RunAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken)
    {
        // An ambient transaction of the caller could roll back what was stored; and EF Core begins no other one in it.
        using var own = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        var context = await CreateContextAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = context.ConfigureAwait(false);
        try
        {
            return await work(context).ConfigureAwait(false);
        }
        catch (InvalidOperationException failure) when (failure.InnerException is DbException inner)
        {
            // EF Core wraps the transient failures of queries outside a transaction.
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    protected virtual Task<ResponderContext> CreateContextAsync(CancellationToken cancellationToken) => contexts.CreateDbContextAsync(cancellationToken);

    /// <summary>Without a pending migration it only reads, so that later starts need no right to create tables.</summary>
    /// <returns>True.</returns>
    protected virtual async Task<bool> MigrateAsync(ResponderContext context, CancellationToken cancellationToken)
    {
        if ((await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any())
        {
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    protected static async Task<T> InTransactionAsync<T>(ResponderContext context, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = transaction.ConfigureAwait(false);
        var result = await work().ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return result;
    }
}
