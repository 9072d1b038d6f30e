using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace YandexMarket.Chats.Responder.Storage;

internal sealed class PostgreSqlDatabase(IDbContextFactory<ResponderContext> contexts) : ResponderDatabase(contexts)
{
    public override Task<T> WriteAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(context => InTransactionAsync(context, () => work(context), cancellationToken), cancellationToken);

    public override Task<T> ClaimAsync<T>(Func<ResponderContext, Task<T>> work, CancellationToken cancellationToken) => WriteAsync(
        async context =>
        {
            // An arbitrary number that no other lock uses. The lock ends with the transaction, even if its process dies.
            await context.Database
                .ExecuteSqlRawAsync("SET LOCAL synchronous_commit = off; SELECT pg_advisory_xact_lock(7236837231)", cancellationToken)
                .ConfigureAwait(false);
            return await work(context).ConfigureAwait(false);
        },
        cancellationToken);

    public override async Task<long> NowAsync(long localNow, CancellationToken cancellationToken) => Math.Min(localNow, await RunAsync(
        context => context.Database.SqlQueryRaw<long>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS \"Value\"").SingleAsync(cancellationToken),
        cancellationToken).ConfigureAwait(false));
}

/// <summary>The settings of every transaction, those of the migrations too. They end with it, and are sent in the same request as its
/// BEGIN.</summary>
internal sealed class PostgreSqlTransactionSettings : DbTransactionInterceptor
{
    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using var disposal = command.ConfigureAwait(false);
        command.Transaction = result;
        // The start of a send must be on disk before the send, even if the server or the role is configured for asynchronous commits. And if a
        // machine dies, the server must end its transaction: until TCP gives up, its locks would stop the claims of all other machines.
        command.CommandText =
            "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'; " +
            "SELECT set_config('idle_in_transaction_session_timeout', '10s', true)";
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }
}
