using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace YandexMarket.Chats.Responder.Tests;

/// <summary>How the database is asked, and what becomes of a message if one command fails.</summary>
public sealed class StorageTests
{
    [Test]
    public async Task Counting_reads_no_message()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(1);
        stage.Commands.Clear();

        var open = await stage.Store.CountOpenAsync(CancellationToken.None);

        Assert.That(open, Is.EqualTo(new Dictionary<MessageState, int> { [Received] = 1 }));
        Assert.That(stage.Commands.Single(), Does.Contain("COUNT(").And.Not.Contain("ReplyText\"").And.Not.Contain("NOT IN"));
    }

    [Test]
    public async Task A_claim_reads_the_due_messages_in_the_order_of_the_index()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(1);
        stage.Commands.Clear();

        Assert.That(await stage.Store.ClaimAsync(1, CancellationToken.None), Has.Count.EqualTo(1));

        var due = stage.Commands.Single(command => command.StartsWith("SELECT", StringComparison.Ordinal) && command.Contains("NextAttemptAt\" <="));
        // The values do not matter to the plan.
        var plan = await stage.ExecuteAsync("EXPLAIN QUERY PLAN " + Regex.Replace(due, "@\\w+", "1"));
        Assert.That(plan, Has.Some.Contains("IX_ChatsMessages_State_NextAttemptAt").And.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"));
    }

    [Test]
    public async Task Old_messages_are_removed_in_batches()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ExecuteAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO "ChatsMessages" ("BusinessId", "ChatId", "MessageId", "State", "ChangedAt", "NextAttemptAt", "IsFromCustomer", "Attempts", "Failures", "LeaseUntil")
            SELECT 1, 1, i, 'Sent', 0, 0, 1, 0, 0, 0 FROM n
            """);
        await stage.ReceiveAsync(9000);
        stage.Commands.Clear();

        await stage.Store.RemoveOldAsync(CancellationToken.None);

        Assert.That(await stage.ExecuteAsync("SELECT MessageId FROM ChatsMessages"), Is.EqualTo(["9000"]));
        Assert.That(stage.Commands.Count(command => command.StartsWith("DELETE", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(stage.Commands, Has.None.StartsWith("UPDATE"), "Without TextRetention no text is cleared.");
    }

    [Test]
    public async Task Each_doubt_that_expires_is_reported_even_if_the_database_fails_meanwhile()
    {
        var reported = 0;
        await using var stage = await Stage.StartedAsync(options => options.AttentionNeeded = (_, _) => Task.FromResult(Interlocked.Increment(ref reported)));
        stage.Client.OnSend = (_, _) => throw FakeClient.Doubtful();
        for (var id = 1; id <= 3; id++)
        {
            await stage.ReceiveAsync(id, chat: id);
        }

        await stage.UntilAllAsync([1, 2, 3], InDoubt);
        var expired = 0;
        stage.OnCommand = command => command.StartsWith("UPDATE", StringComparison.Ordinal) && command.Contains("'NeedsAttention'") && ++expired == 2
            ? new SqliteException("disk I/O error", 10)
            : null;

        await stage.UntilAllAsync([1, 2, 3], NeedsAttention);

        await stage.UntilAsync(() => Task.FromResult(Volatile.Read(ref reported) == 3), () => $"{reported} were reported.");
    }

    [Test]
    public async Task A_text_that_the_database_cannot_store_is_retried_and_the_reason_is_kept()
    {
        await using var stage = await Stage.MigratedAsync();
        var fails = true;
        stage.OnCommand = command => fails && command.StartsWith("UPDATE", StringComparison.Ordinal) && command.Contains("\"ReplyText\" =")
            ? new SqliteException("a text that must not be logged", 19)
            : null;
        await stage.StartAsync();
        await stage.ReceiveAsync(1);

        MessageRow row = null!;
        await stage.UntilAsync(async () => (row = await stage.RowAsync(1)) is { LastFailure: not null, State: Received });
        fails = false;
        await stage.UntilAsync(1, Sent);

        Assert.That((row.State, row.Failures, row.LastFailure), Is.EqualTo((Received, 0, "The text could not be stored: SqliteException 19.")));
    }

    [Test]
    public async Task After_its_file_was_deleted_nothing_is_stored_or_sent_even_if_a_copy_takes_its_place()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(1);
        File.Move(stage.File, $"{stage.File}.moved");

        await Assert.ThrowsAsync<DatabaseFileMissingException>(() => stage.ReceiveAsync(2));
        var wasCreated = File.Exists(stage.File);
        File.Copy($"{stage.File}.moved", stage.File);
        await Assert.ThrowsAsync<DatabaseFileMissingException>(() => stage.ReceiveAsync(2));
        var health = (await OperationTests.HealthAsync(stage)).Entries["chats-responder"];

        Assert.That((wasCreated, health.Status), Is.EqualTo((false, HealthStatus.Unhealthy)));
        Assert.That(health.Description, Does.Contain("stop the application, delete its -wal and -shm, restore the file"));
    }

    [Test]
    public async Task A_backup_is_complete_and_can_be_restored_after_a_crash()
    {
        await using var stage = await Stage.MigratedAsync();
        await using var crashed = new Stage();
        await stage.ReceiveAsync(1);
        await using (var source = new SqliteConnection(stage.ConnectionString))
        await using (var copy = new SqliteConnection($"Data Source={stage.File}.copy;Pooling=false"))
        {
            await source.OpenAsync();
            source.BackupDatabase(copy);
        }

        await stage.ReceiveAsync(2);
        File.Copy(stage.File, crashed.File); // What a killed process leaves.
        File.Copy($"{stage.File}-wal", $"{crashed.File}-wal");

        File.Delete($"{crashed.File}-wal");
        File.Delete($"{crashed.File}-shm");
        File.Copy($"{stage.File}.copy", crashed.File, overwrite: true);
        await crashed.Store.MigrateAsync(CancellationToken.None);

        Assert.That(await crashed.ExecuteAsync("SELECT MessageId FROM ChatsMessages"), Is.EqualTo(["1"]));
        Assert.That(await crashed.ExecuteAsync("PRAGMA integrity_check"), Is.EqualTo(["ok"]));
    }

    [Test]
    public async Task The_inbox_can_be_used_before_the_worker_has_migrated_the_database()
    {
        await using var stage = new Stage();
        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        await using var other = new Stage();
        Assert.That(await other.Inbox.DropAsync(Stage.Business, Stage.Chat, 1), Is.False);
    }

    [Test]
    public async Task A_write_does_not_run_in_the_context_of_its_caller()
    {
        await using var stage = await Stage.MigratedAsync();
        var context = new AsyncLocal<bool> { Value = true };
        var seen = new ConcurrentQueue<bool>();
        stage.OnCommand = _ =>
        {
            seen.Enqueue(context.Value);
            return null;
        };

        await stage.NotifyAsync(1);

        Assert.That(seen, Is.Not.Empty.And.All.False);
    }

    [Test]
    public async Task The_migrations_of_the_application_can_use_the_same_database()
    {
        await using var stage = new Stage();
        await stage.ExecuteAsync("CREATE TABLE __EFMigrationsHistory (migration_id TEXT PRIMARY KEY, product_version TEXT)");
        await stage.Store.MigrateAsync(CancellationToken.None);

        Assert.That(
            await stage.ExecuteAsync("SELECT name FROM sqlite_master WHERE type = 'table'"),
            Is.EquivalentTo(["__EFMigrationsHistory", "ChatsMigrations", "ChatsMessages", "sqlite_sequence"]));
    }

    [Test]
    public async Task After_a_downgrade_the_database_of_a_newer_version_can_be_used()
    {
        await using var stage = await Stage.MigratedAsync();
        await stage.ReceiveAsync(1);
        await stage.ExecuteAsync("INSERT INTO ChatsMigrations VALUES ('0002_Newer', '99.0.0')");
        await stage.ExecuteAsync("ALTER TABLE ChatsMessages ADD COLUMN Newer INTEGER NOT NULL DEFAULT 0");
        await stage.ExecuteAsync("UPDATE ChatsMessages SET State = 'StateOfTheNewerVersion'");

        await stage.StartAsync();
        await stage.ReceiveAsync(2);
        await stage.UntilAsync(2, Sent);

        Assert.That(await stage.Inbox.ListAsync(), Is.Empty);
        Assert.That((await OperationTests.HealthAsync(stage)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task The_migrations_create_the_schema_of_the_model()
    {
        const string Schema = "SELECT sql FROM sqlite_master WHERE tbl_name = 'ChatsMessages' AND sql IS NOT NULL ORDER BY name";
        await using var stage = await Stage.MigratedAsync();
        await using var other = new Stage();
        await using var context = await other.Services.GetRequiredService<IDbContextFactory<ResponderContext>>().CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();

        Assert.That(await stage.ExecuteAsync(Schema), Is.EqualTo(await other.ExecuteAsync(Schema)).And.Not.Empty);
    }
}
