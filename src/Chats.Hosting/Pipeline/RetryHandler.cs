using Polly;

namespace YandexMarket.Chats.Hosting;

/// <summary>
/// Makes the attempts of a call, each in its own place of the limits, and repeats one where that cannot do harm
/// (<see cref="RetryRules"/>) and the call's time allows it. Everything between the client and the users' handlers.
/// </summary>
internal sealed partial class RetryHandler : DelegatingHandler
{
    private readonly ChatsHostingOptions _options;
    private readonly KeyHealth? _keyHealth;
    private readonly TimeProvider _clock;
    private readonly Action<ChatsResponseInfo>? _responseReceived;
    private readonly QuotaGate? _gate;
    private readonly ChatsMetrics _metrics;
    private readonly ChatsLog _log;
    private readonly RetryRules _rules;
    private readonly ResiliencePipeline<HttpResponseMessage>? _pipeline;

    public RetryHandler(
        ChatsHostingOptions options, ChatsClientOptions client, QuotaGate? gate, ChatsMetrics metrics, ChatsLog log, KeyHealth? keyHealth = null, Func<double>? random = null)
    {
        _options = options;
        _keyHealth = keyHealth;
        _responseReceived = client.ResponseReceived;
        _clock = client.TimeProvider;
        _gate = gate;
        _metrics = metrics;
        _log = log;
        _rules = new RetryRules(options, _clock, random);
        _pipeline = options.MaxAttempts == 1 ? null : CreatePipeline();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is not ChatsRequest ours)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var outcome = await AttemptAsync(ours, cancellationToken).ConfigureAwait(false);
        if (_pipeline is not null && outcome.Result is not { IsSuccessStatusCode: true })
        {
            outcome = await RepeatAsync(_pipeline, ours, outcome, cancellationToken).ConfigureAwait(false);
        }

        outcome.ThrowIfException();
        return outcome.Result!;
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ChatsRequest request, CancellationToken cancellationToken)
    {
        IQuotaPlace? place;
        try
        {
            place = _gate is null ? null : await _gate.EnterAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }

        // The service counts a call until its answer is out: the place is left when the client has read the whole of it.
        request.Hold(place);
        // A read that takes too long is given up, so that another attempt has the time.
        using var attemptTimeout = request.Operation.IsRead && _pipeline is not null
            ? new CallTimeout(_options.AttemptTimeout, _clock, cancellationToken)
            : null;
        try
        {
            var token = attemptTimeout?.Token ?? cancellationToken;
            var response = await base.SendAsync(request, token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (ChatsExceptionFactory.ProvesRefusal(status) && !request.WasRedirected(response))
            {
                // Only the next attempt counts for what the client says of the message.
                request.PrepareForRetry();
            }

            var exceeded = LimitRefusal.Is(response)
                ? await LimitRefusal.KindAsync(response, token).ConfigureAwait(false)
                : ChatsLimitKind.Unknown;
            place?.Answered(response, exceeded);
            _keyHealth?.Seen(status);
            Observer.Notify(() => _metrics.Attempted(request.Operation, status));
            return Outcome.FromResult(response);
        }
        catch (Exception exception)
        {
            if (WasCertainlyNotSent(request, exception))
            {
                place?.NothingLeft();
            }

            request.Hold(null);
            Observer.Notify(() => _metrics.Attempted(request.Operation, exception));
            var wasGivenUp = attemptTimeout is { TimedOut: true } && !cancellationToken.IsCancellationRequested;
            return Outcome.FromException<HttpResponseMessage>(wasGivenUp && ChatsExceptionFactory.IsNetworkFailure(exception) ? GivenUp() : exception);
        }
    }

    /// <summary>The form in which the client knows a time-out that is not its own.</summary>
    private OperationCanceledException GivenUp() => new($"No answer within {_options.AttemptTimeout}.", new TimeoutException());

    private static bool WasCertainlyNotSent(ChatsRequest request, Exception exception)
    {
        if (!request.Operation.IsRead)
        {
            return !request.MayHaveBeenSent;
        }

#if NET
        return exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
        };
#else
        return false;
#endif
    }
}
