using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder;

/// <summary>Chooses the database of a responder: call <see cref="UseSqlite"/> or <see cref="UsePostgreSql"/>; the last call wins.</summary>
public sealed class ChatsResponderBuilder
{
    /// <summary>Its own, because the application's migrations may use the same database, with other column names.</summary>
    private const string HistoryTable = "ChatsMigrations";

    internal ChatsResponderBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services in which the responder is registered.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Uses an SQLite file, for processes on one machine. The tables are created or migrated when the host starts.</summary>
    /// <param name="connectionString">For example <c>Data Source=chats.db</c>, which is a file in the current directory at the time of this
    /// call.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is null, empty or malformed, or names no file.</exception>
    public ChatsResponderBuilder UseSqlite(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = Parse(text => new SqliteConnectionStringBuilder(text), connectionString, "Data Source=chats.db");
        if (settings.DataSource is "" or ":memory:")
        {
            throw new ArgumentException("The database must be a file: Data Source=chats.db.", nameof(connectionString));
        }

        // Otherwise, after a change of the current directory, new connections would open another file.
        if (!settings.DataSource.StartsWith('|') && !settings.DataSource.StartsWith("file:", StringComparison.Ordinal)
            && AppDomain.CurrentDomain.GetData("DataDirectory") is null)
        {
            settings.DataSource = Path.GetFullPath(settings.DataSource);
        }

        return Use<SqliteDatabase>(options => options.UseSqlite($"{settings}", sqlite => sqlite.MigrationsHistoryTable(HistoryTable)));
    }

    /// <summary>Uses PostgreSQL 13 or later, for any number of machines. The tables are created or migrated when the host starts.</summary>
    /// <param name="connectionString">For example <c>Host=db;Database=shop;Username=bot;Password=…</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is null, empty or malformed.</exception>
    public ChatsResponderBuilder UsePostgreSql(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        Parse(text => new NpgsqlConnectionStringBuilder(text), connectionString, "Host=db;Database=shop;Username=bot;Password=…");
        return Use<PostgreSqlDatabase>(options => options
            .UseNpgsql(connectionString, postgreSql => postgreSql.MigrationsHistoryTable(HistoryTable))
            .AddInterceptors(new PostgreSqlTransactionSettings()));
    }

    /// <summary>
    /// Chooses the client for each business, if businesses have their own keys. Default: the unnamed <see cref="IChatsClient"/> of the container.
    /// </summary>
    /// <param name="choose">
    /// Returns the client of a business, for example a keyed service that <c>AddChatsClient</c> registered. Called for each message. If it throws,
    /// the message is retried later.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="choose"/> is null.</exception>
    public ChatsResponderBuilder UseClient(Func<IServiceProvider, long, IChatsClient> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        Services.Replace(ServiceDescriptor.Singleton(services => new ClientOfBusiness(businessId => choose(services, businessId))));
        return this;
    }

    /// <summary>Without the inner exception, which can quote a part of a password.</summary>
    private static T Parse<T>(Func<string, T> parse, string connectionString, string example)
    {
        try
        {
            return parse(connectionString);
        }
        catch (Exception)
        {
            throw new ArgumentException($"The connection string has a wrong format, option or value. It must look like {example}.", nameof(connectionString));
        }
    }

    private ChatsResponderBuilder Use<TDatabase>(Action<DbContextOptionsBuilder> configure)
        where TDatabase : ResponderDatabase
    {
        // A context has one provider only.
        Services.RemoveAll<IDbContextOptionsConfiguration<ResponderContext>>();
        // Individual commands are logged at debug level only: a failure reaches the caller anyway. The migrations are written by hand, without model
        // snapshots, and on SQLite they run in one transaction.
        Services.AddDbContextFactory<ResponderContext>(configure + (options => options.ConfigureWarnings(warnings => warnings
            .Log(
                (RelationalEventId.CommandExecuted, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug))
            .Ignore(RelationalEventId.PendingModelChangesWarning, RelationalEventId.MigrationsUserTransactionWarning))));
        Services.Replace(ServiceDescriptor.Singleton<ResponderDatabase, TDatabase>());
        return this;
    }
}

internal sealed record ClientOfBusiness(Func<long, IChatsClient> Choose);
