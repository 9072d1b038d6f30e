using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>
/// Claims messages and handles them in parallel; meanwhile renews the leases and maintains the database. Calls the application when a message starts
/// to need a human.
/// </summary>
internal sealed class ResponderWorker(
    MessageStore store, MessageHandler handler, IOptions<ChatsResponderOptions> options, TimeProvider clock, IMeterFactory meters,
    WorkerFailures failures, ResponderLog log) : BackgroundService
{
    private static readonly TimeSpan _removalInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan _callbackTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<MessageRow, CancellationTokenSource> _leases = new();
    private readonly List<Task> _handling = [];
    private readonly List<Task> _callbacks = [];
    private DateTimeOffset _nextRemoval = DateTimeOffset.MinValue;
    private IReadOnlyDictionary<MessageState, int>? _open;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        meters.Create(ChatsResponderTelemetry.MeterName).CreateObservableGauge(
            "chats.responder.open", MeasureOpen, "{message}", "The messages that are not final, by state; no value before the first count.");
        using var forcedStop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        using var maintenance = new CancellationTokenSource();
        store.NeedsAttention = item => ReportAttention(item, forcedStop.Token);
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
            RepeatAsync(() => MaintainAsync(maintenance.Token), maintenance.Token));
        await RepeatAsync(() => ClaimAsync(stoppingToken, forcedStop.Token), stoppingToken).ConfigureAwait(false);

        forcedStop.CancelAfter(options.Value.ShutdownTimeout);
        await Task.WhenAll(_handling).ConfigureAwait(false);
        await maintenance.CancelAsync().ConfigureAwait(false);
        await maintaining.ConfigureAwait(false);
        await Task.WhenAll(_callbacks).ConfigureAwait(false);
    }

    private async Task<Task?> ClaimAsync(CancellationToken stopping, CancellationToken forcedStop)
    {
        var raised = store.Signal;
        var free = options.Value.MaxConcurrency - _leases.Count;
        var rows = free > 0 ? await store.ClaimAsync(free, stopping).ConfigureAwait(false) : [];
        _handling.RemoveAll(task => task.IsCompleted);
        foreach (var row in rows)
        {
            var lease = _leases[row] = new CancellationTokenSource(options.Value.LeaseDuration, clock);
            _handling.Add(Task.Run(() => HandleAsync(row, lease, stopping, forcedStop), CancellationToken.None));
        }

        return rows.Count == 0 ? raised.WaitAsync(options.Value.PollInterval, clock, stopping) : Task.CompletedTask;
    }

    private async Task HandleAsync(MessageRow row, CancellationTokenSource lease, CancellationToken stopping, CancellationToken forcedStop)
    {
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
            _leases.TryRemove(row, out _);
            lease.CancelAfter(Timeout.InfiniteTimeSpan); // Not disposed: it may be being renewed.
            store.Raise();
        }
    }

    /// <summary>Separate from the maintenance, so that a slow query does not cost a lease.</summary>
    private async Task<Task?> ExtendLeasesAsync(CancellationToken cancellationToken)
    {
        if (_leases.ToArray() is { Length: > 0 } held)
        {
            await store.ExtendLeasesAsync([.. held.Select(it => it.Key)], cancellationToken).ConfigureAwait(false);
            foreach (var (_, lease) in held)
            {
                lease.CancelAfter(options.Value.LeaseDuration);
            }
        }

        return Task.Delay(options.Value.LeaseDuration / 4, clock, cancellationToken);
    }

    private async Task<Task?> MaintainAsync(CancellationToken cancellationToken)
    {
        await store.CorrectTimesAsync(cancellationToken).ConfigureAwait(false);
        await store.DoubtAbandonedAsync(cancellationToken).ConfigureAwait(false);
        await store.ExpireAsync(cancellationToken).ConfigureAwait(false);
        _open = await store.CountOpenAsync(cancellationToken).ConfigureAwait(false);
        if (clock.GetUtcNow() >= _nextRemoval)
        {
            await store.RemoveOldAsync(cancellationToken).ConfigureAwait(false);
            _nextRemoval = clock.GetUtcNow() + _removalInterval;
        }

        return Task.Delay(options.Value.LeaseDuration / 4, clock, cancellationToken);
    }

    private void ReportAttention(ChatsAttentionItem item, CancellationToken forcedStop)
    {
        log.NeedsAttention(item.BusinessId, item.ChatId, item.MessageId, item.Reason);
        if (options.Value.AttentionNeeded is { } callback)
        {
            lock (_callbacks)
            {
                _callbacks.RemoveAll(call => call.IsCompleted);
                _callbacks.Add(CallAsync(callback, item, forcedStop));
            }
        }
    }

    private async Task CallAsync(Func<ChatsAttentionItem, CancellationToken, Task> callback, ChatsAttentionItem item, CancellationToken forcedStop)
    {
        using var timeout = new CancellationTokenSource(_callbackTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, forcedStop);
        var token = either.Token;
        try
        {
            // On another thread, so that a callback that blocks its own delays nothing; and in any case, even if a busy machine starts it late.
            await Task.Run(() => callback(item, token), CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.CallbackFailed(ResponderLog.Trace(failure));
        }
    }

    // Nothing before the first count, because zeros would say that no message needs a human.
    private IEnumerable<Measurement<int>> MeasureOpen() => _open is not { } open ? [] : MessageStore.OpenStates.Select(
        state => new Measurement<int>(open.GetValueOrDefault(state), new KeyValuePair<string, object?>("chats.responder.state", state.ToString())));

    /// <summary>
    /// Repeats the step, after the pause that it returns, until it returns null. If the database is unavailable, it retries with increasing delays.
    /// </summary>
    private async Task RepeatAsync(Func<Task<Task?>> step, CancellationToken cancellationToken, Action<Exception, double>? report = null)
    {
        for (var inARow = 0; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                var pause = await step().ConfigureAwait(false);
                inARow = 0;
                failures.TryRemove(step, out _);
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
                var delay = ResponderDatabase.DelayAfter(inARow++);
                failures[step] = ResponderLog.Describe(failure);
                (report ?? ((failure, delay) => log.DatabaseFailed(ResponderLog.Describe(failure), delay)))(failure, delay.TotalMilliseconds);
                await Task.Delay(delay, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>
/// What the worker's steps fail with at the moment. The health check reports it: reads may work where the worker's writes do not.
/// </summary>
internal sealed class WorkerFailures : ConcurrentDictionary<object, string>;
