using System.Globalization;
using Polly;
using Polly.Retry;

namespace YandexMarket.Chats.Hosting;

// What Polly does, for the calls that do not end with their first attempt.
internal sealed partial class RetryHandler
{
    private static readonly ResiliencePropertyKey<Repetition> _repetition = new("chats.repetition");

    /// <summary>A call whose first attempt was made already.</summary>
    private sealed class Repetition(ChatsRequest request, Outcome<HttpResponseMessage> first)
    {
        private Outcome<HttpResponseMessage>? _first = first;

        public ChatsRequest Request => request;

        /// <summary>Before the next attempt.</summary>
        public TimeSpan Pause { get; set; }

        public bool TryTakeFirst(out Outcome<HttpResponseMessage> outcome)
        {
            outcome = _first.GetValueOrDefault();
            var isThere = _first is not null;
            _first = null;
            return isThere;
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> RepeatAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline,
        ChatsRequest request,
        Outcome<HttpResponseMessage> first,
        CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(_repetition, new Repetition(request, first));
        try
        {
            return await pipeline.ExecuteOutcomeAsync(
                static (context, self) => RepetitionOf(context) is var repetition && repetition.TryTakeFirst(out var first)
                    ? new(first)
                    : self.AttemptAsync(repetition.Request, context.CancellationToken),
                context,
                this).ConfigureAwait(false);
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
                DelayGenerator = static args => new(RepetitionOf(args.Context).Pause),
                OnRetry = OnRepeatAsync,
            })
            .Build();

    private async ValueTask<bool> ShouldRepeatAsync(RetryPredicateArguments<HttpResponseMessage> args)
    {
        var repetition = RepetitionOf(args.Context);
        if (repetition.Request.IsOver
            || await _rules.PauseAsync(repetition.Request, args.Outcome, args.AttemptNumber, args.Context.CancellationToken).ConfigureAwait(false)
                is not { } pause)
        {
            return false;
        }

        repetition.Pause = pause;
        return true;
    }

    private ValueTask OnRepeatAsync(OnRetryArguments<HttpResponseMessage> args)
    {
        var request = RepetitionOf(args.Context).Request;
        if (args.Outcome.Result is { } seen && _responseReceived is not null)
        {
            // The client reports only the last response of a call.
            Observer.Notify(() => _responseReceived(ChatsResponseInfo.Of(request.Operation, seen)));
        }

        // Nobody reads this response: it must hold no place and no connection while the next attempt waits.
        args.Outcome.Result?.Dispose();
        request.Hold(null);
        var reason = args.Outcome.Result is { } response
            ? ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)
            : args.Outcome.Exception!.GetType().Name;
        Observer.Notify(() => ChatsMetrics.Repeats(args.AttemptNumber + 1, reason, args.RetryDelay));
        _log.Repeats(request.Operation.Id, args.AttemptNumber + 1, reason, args.RetryDelay.TotalMilliseconds);
        return default;
    }

    private static Repetition RepetitionOf(ResilienceContext context) => context.Properties.GetValue(_repetition, null!);
}
