using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>
/// The migrations, for both providers: each ignores the other's annotations. A test compares the result with the model. Never change a released
/// migration: add a new one, with a class for each provider.
/// </summary>
internal static class Migrations
{
    private const string Table = "ChatsMessages";

    public static void CreateMessages(MigrationBuilder builder)
    {
        builder.CreateTable(
            Table,
            columns => new
            {
                Id = columns.Column<long>()
                    .Annotation("Sqlite:Autoincrement", true)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                BusinessId = columns.Column<long>(),
                ChatId = columns.Column<long>(),
                MessageId = columns.Column<long>(),
                State = columns.Column<string>(maxLength: 20),
                ChangedAt = columns.Column<long>(),
                IsFromCustomer = columns.Column<bool>(),
                Answer = columns.Column<string>(nullable: true),
                NextAttemptAt = columns.Column<long>(),
                Attempts = columns.Column<int>(),
                Failures = columns.Column<int>(),
                LastFailure = columns.Column<string>(nullable: true),
                LeaseToken = columns.Column<Guid>(nullable: true),
                LeaseUntil = columns.Column<long>(),
                SendStartedAt = columns.Column<long>(nullable: true),
                SentMessageId = columns.Column<long>(nullable: true),
            },
            constraints: table => table.PrimaryKey($"PK_{Table}", row => row.Id));

        Index(builder, unique: true, "BusinessId", "ChatId", "MessageId");
        Index(builder, unique: false, "BusinessId", "ChatId", "State");
        Index(builder, unique: false, "LeaseToken");
        Index(builder, unique: false, "State", "NextAttemptAt");
    }

    private static OperationBuilder<CreateIndexOperation> Index(MigrationBuilder builder, bool unique, params string[] columns) =>
        builder.CreateIndex($"IX_{Table}_{string.Join('_', columns)}", Table, columns, unique: unique);
}

[DbContext(typeof(SqliteContext)), Migration("0001_CreateMessages")]
internal sealed class SqliteCreateMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Migrations.CreateMessages(migrationBuilder);
}

[DbContext(typeof(PostgreSqlContext)), Migration("0001_CreateMessages")]
internal sealed class PostgreSqlCreateMessages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => Migrations.CreateMessages(migrationBuilder);
}
