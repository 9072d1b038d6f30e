using System.Globalization;
using Polly;
using Polly.Retry;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Repeats an attempt where that cannot do harm (<see cref="RetryRules"/>) and the call's time allows it. The outermost of our handlers, so
/// that each attempt takes its own place in the limits.
/// </summary>
internal sealed class RetryHandler : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<ChatsRequest> _request = new("chats.request");
    private static readonly ResiliencePropertyKey<TimeSpan> _pause = new("chats.pause");

    private readonly ChatsHostingOptions _options;
    private readonly TimeProvider _clock;
    private readonly ChatsMetrics _metrics;
    private readonly ChatsLog _log;
    private readonly RetryRules _rules;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryHandler(ChatsHostingOptions options, TimeProvider clock, ChatsMetrics metrics, ChatsLog log, Func<double>? random = null)
    {
        _options = options;
        _clock = clock;
        _metrics = metrics;
        _log = log;
        _rules = new RetryRules(options, clock, random);
        _pipeline = options.MaxAttempts == 1 ? ResiliencePipeline<HttpResponseMessage>.Empty : CreatePipeline();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is not ChatsRequest ours)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(_request, ours);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (context, self) => self.AttemptAsync(context), context, this).ConfigureAwait(false);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline<HttpResponseMessage> CreatePipeline() =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = _options.MaxAttempts - 1,
                ShouldHandle = ShouldRepeatAsync,
                DelayGenerator = static args => new(args.Context.Properties.GetValue(_pause, TimeSpan.Zero)),
                OnRetry = OnRepeatAsync,
            })
            .Build();

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context)
    {
        var request = RequestOf(context);
        try
        {
            var response = await SendOnceAsync(request, context.CancellationToken).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (!request.WasRerouted(response) && Failure.ProvesRefusal(status))
            {
                // Only the next attempt counts for what the client says of the message.
                request.ForgetAttempt();
            }

            _metrics.Attempted(request.Operation, status);
            return Outcome.FromResult(response);
        }
        catch (Exception exception)
        {
            if (exception is not ChatsQuotaException)
            {
                _metrics.Attempted(request.Operation, exception);
            }

            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private async ValueTask<HttpResponseMessage> SendOnceAsync(ChatsRequest request, CancellationToken cancellationToken)
    {
        if (!request.Operation.IsRead || _options.AttemptTimeout >= request.TimeLeft || _options.MaxAttempts == 1)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _clock.CreateTimer(
            static source => Patience.End((CancellationTokenSource)source!), patience, _options.AttemptTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await base.SendAsync(request, patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested && Failure.IsOfTransport(exception))
        {
            // The form in which the client knows a time-out that is not its own.
            throw new OperationCanceledException(
                string.Create(CultureInfo.InvariantCulture, $"No answer within {_options.AttemptTimeout}."), new TimeoutException());
        }
    }

    private async ValueTask<bool> ShouldRepeatAsync(RetryPredicateArguments<HttpResponseMessage> args)
    {
        var request = RequestOf(args.Context);
        if (request.IsOver
            || await _rules.PauseAsync(request, args.Outcome, args.AttemptNumber, args.Context.CancellationToken).ConfigureAwait(false)
                is not { } pause)
        {
            return false;
        }

        args.Context.Properties.Set(_pause, pause);
        return true;
    }

    private ValueTask OnRepeatAsync(OnRetryArguments<HttpResponseMessage> args)
    {
        var request = RequestOf(args.Context);
        // Nobody reads this answer: it must hold no place and no connection while the next attempt waits.
        args.Outcome.Result?.Dispose();
        request.Hold(null);
        var reason = args.Outcome.Result is { } response
            ? ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)
            : args.Outcome.Exception!.GetType().Name;
        ChatsMetrics.Repeats(args.AttemptNumber + 1, reason, args.RetryDelay);
        _log.Repeats(request.Operation.Id, args.AttemptNumber + 1, reason, args.RetryDelay.TotalMilliseconds);
        return default;
    }

    private static ChatsRequest RequestOf(ResilienceContext context) => context.Properties.GetValue(_request, null!);
}
