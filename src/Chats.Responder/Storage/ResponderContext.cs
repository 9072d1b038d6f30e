using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>The one table. Each provider has its own context, because migrations belong to a context.</summary>
internal abstract class ResponderContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<MessageRow> Messages => Set<MessageRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<MessageRow>(row =>
    {
        row.ToTable("ChatsMessages");
        row.Property(message => message.State).HasConversion<string>().HasMaxLength(20);
        row.HasIndex(message => new { message.BusinessId, message.ChatId, message.MessageId }).IsUnique();
        row.HasIndex(message => new { message.BusinessId, message.ChatId, message.State });
        row.HasIndex(message => new { message.State, message.NextAttemptAt });
        row.HasIndex(message => message.LeaseToken);
    });
}

internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : ResponderContext(options);

internal sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : ResponderContext(options);
