using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>
/// The first migration, for both providers: each ignores the other's annotations. A test compares the result with the model. Never change a released
/// migration: add a new one.
/// </summary>
[DbContext(typeof(ResponderContext)), Migration("0001_CreateMessages")]
internal sealed class CreateMessages : Migration
{
    private const string Table = "ChatsMessages";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
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
                ReplyText = columns.Column<string>(nullable: true),
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

        CreateIndex(unique: true, "BusinessId", "ChatId", "MessageId");
        CreateIndex(unique: false, "BusinessId", "ChatId", "State");
        CreateIndex(unique: false, "LeaseToken");
        CreateIndex(unique: false, "State", "NextAttemptAt");

        void CreateIndex(bool unique, params string[] columns) =>
            migrationBuilder.CreateIndex($"IX_{Table}_{string.Join('_', columns)}", Table, columns, unique: unique);
    }
}
