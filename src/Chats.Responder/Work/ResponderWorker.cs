using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>Claims messages and handles them in parallel; meanwhile renews the leases and maintains the database.</summary>
internal sealed class ResponderWorker(
    MessageStore store, MessageHandler handler, ChatsResponderOptions options, TimeProvider clock, AttentionCallback attention, WorkSignal signal,
    ResponderMetrics metrics, WorkerFailures current, ResponderLog log) : BackgroundService
{
    private static readonly TimeSpan _removalInterval = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<MessageRow, (Task Handling, CancellationTokenSource Lease)> _inProgress = new();
    private DateTimeOffset _nextRemoval = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var forcedStop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var maintenance = new CancellationTokenSource();
        await RepeatAsync(
            async () =>
            {
                await store.MigrateAsync(stoppingToken).ConfigureAwait(false);
                return null;
            },
            stoppingToken,
            (failure, delay) => log.NotMigrated(failure, delay)).ConfigureAwait(false);
        if (stoppingToken.IsCancellationRequested)
        {
            return;
        }

        var maintaining = Task.WhenAll(
            RepeatAsync(() => ExtendLeasesAsync(maintenance.Token), maintenance.Token),
            RepeatAsync(() => MaintainAsync(maintenance.Token, forcedStop.Token), maintenance.Token));
        await RepeatAsync(() => ClaimAsync(stoppingToken, forcedStop.Token), stoppingToken).ConfigureAwait(false);

        forcedStop.CancelAfter(options.ShutdownTimeout);
        await Task.WhenAll(_inProgress.Values.Select(it => it.Handling)).ConfigureAwait(false);
        await maintenance.CancelAsync().ConfigureAwait(false);
        await maintaining.ConfigureAwait(false);
        await attention.EndAsync().ConfigureAwait(false);
    }

    private async Task<Task?> ClaimAsync(CancellationToken stopping, CancellationToken forcedStop)
    {
        var raised = signal.Raised;
        var free = options.MaxConcurrency - _inProgress.Count;
        var rows = free > 0 ? await store.ClaimAsync(free, stopping).ConfigureAwait(false) : [];
        foreach (var row in rows)
        {
            // Added before it starts, so that it cannot end before it is added.
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var lease = new CancellationTokenSource(options.LeaseDuration, clock);
            _inProgress[row] = (HandleAsync(start.Task, row, lease, stopping, forcedStop), lease);
            start.SetResult();
        }

        return rows.Count == 0 ? raised.WaitAsync(options.PollInterval, clock, stopping) : Task.CompletedTask;
    }

    private async Task HandleAsync(Task start, MessageRow row, CancellationTokenSource lease, CancellationToken stopping, CancellationToken forcedStop)
    {
        await start.ConfigureAwait(false);
        try
        {
            await handler.HandleAsync(row, lease.Token, stopping, forcedStop).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.Abandoned(row.BusinessId, row.ChatId, row.MessageId, ResponderLog.Describe(failure));
        }
        finally
        {
            // Otherwise its lease would be renewed forever.
            _inProgress.TryRemove(row, out _);
            lease.CancelAfter(Timeout.InfiniteTimeSpan); // Not disposed: it may be being renewed.
            signal.Raise();
        }
    }

    /// <summary>Separate from the maintenance, so that a slow query does not cost a lease.</summary>
    private async Task<Task?> ExtendLeasesAsync(CancellationToken cancellationToken)
    {
        if (_inProgress.ToArray() is { Length: > 0 } rows)
        {
            await store.ExtendLeasesAsync([.. rows.Select(row => row.Key)], cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                row.Value.Lease.CancelAfter(options.LeaseDuration);
            }
        }

        return Task.Delay(options.LeaseDuration / 4, clock, cancellationToken);
    }

    private async Task<Task?> MaintainAsync(CancellationToken cancellationToken, CancellationToken forcedStop)
    {
        await store.DoubtAbandonedAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var row in store.ExpireAsync(cancellationToken).ConfigureAwait(false))
        {
            attention.Start(MessageStore.ToItem(row, row.Answer, mayHaveBeenSent: true, row.LastFailure ?? "", clock.GetUtcNow()), forcedStop);
        }

        metrics.Open = await store.CountOpenAsync(cancellationToken).ConfigureAwait(false);
        if (clock.GetUtcNow() >= _nextRemoval)
        {
            await store.RemoveOldAsync(cancellationToken).ConfigureAwait(false);
            _nextRemoval = clock.GetUtcNow() + _removalInterval;
        }

        return Task.Delay(options.LeaseDuration / 4, clock, cancellationToken);
    }

    /// <summary>
    /// Repeats the step, after the pause that it returns, until it returns null. If the database is unavailable, it retries with increasing delays.
    /// </summary>
    private async Task RepeatAsync(Func<Task<Task?>> step, CancellationToken cancellationToken, Action<Exception, double>? report = null)
    {
        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                var pause = await step().ConfigureAwait(false);
                failures = 0;
                current.Remove(step);
                if (pause is null)
                {
                    return;
                }

                await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                var delay = ResponderDatabase.DelayAfter(failures++);
                current.Set(step, ResponderLog.Describe(failure));
                (report ?? ((failure, delay) => log.DatabaseFailed(ResponderLog.Describe(failure), delay)))(failure, delay.TotalMilliseconds);
                await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

internal sealed class ResponderMetrics
{
    private static readonly MessageState[] _states = [MessageState.Received, MessageState.Answering, MessageState.InDoubt, MessageState.NeedsAttention];

    public ResponderMetrics(IMeterFactory meters) => meters.Create(ChatsResponderTelemetry.MeterName).CreateObservableGauge(
        "chats.responder.open",
        () => Open is not { } open ? []
            : _states.Select(state => new Measurement<int>(open.GetValueOrDefault(state), new KeyValuePair<string, object?>("chats.responder.state", state.ToString()))),
        "{message}",
        "The messages that are not final, by state; no value before the first count.");

    /// <summary>The last count; null before the first, because zeros would say that no message needs a human.</summary>
    public IReadOnlyDictionary<MessageState, int>? Open { get; set; }
}
