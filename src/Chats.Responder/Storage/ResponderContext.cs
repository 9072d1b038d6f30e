using Microsoft.EntityFrameworkCore;

namespace YandexMarket.Chats.Responder.Storage;

/// <summary>The one table, in either database.</summary>
internal sealed class ResponderContext(DbContextOptions<ResponderContext> options) : DbContext(options)
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
