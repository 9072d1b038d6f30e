namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// The service behind the network, in virtual time: its limits of requests at once and per hour of its own clock, and its faults. It counts
/// a request from its arrival until the last byte of its response is out or its caller has gone.
/// </summary>
internal sealed class SimulatedService(ManualClock clock, Schedule schedule) : HttpMessageHandler
{
    private const int AtOnce = 4;

    private readonly TimeSpan _skew = TimeSpan.FromMilliseconds(schedule.SkewMs);
    private readonly Dictionary<int, int> _running = [];
    private readonly Dictionary<(int Business, bool Sends, long Hour), int> _used = [];
    private readonly Dictionary<(int Business, bool Sends), DateTimeOffset> _lastArrival = [];
    private readonly HashSet<(int Business, bool Sends, long Hour)> _toldUsedUp = [];

    /// <summary>
    /// When a response first told a business the time: until then, and for calls that went out in the same instant, nobody can know that
    /// the clocks differ, nor when an hour ends.
    /// </summary>
    private readonly Dictionary<int, DateTimeOffset> _reported = [];

    /// <summary>How many attempts each call made.</summary>
    public int[] Attempts { get; } = new int[schedule.Steps.Length];

    /// <summary>How many times the text of each call was taken.</summary>
    public int[] Taken { get; } = new int[schedule.Steps.Length];

    /// <summary>Requests that the limits refused: the client should have kept them back.</summary>
    public List<string> Refusals { get; } = [];

    private DateTimeOffset Now => clock.GetUtcNow() + _skew;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The message or the chat has the number of the call.
        var query = request.RequestUri!.Query;
        var call = int.Parse(query[(query.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture) - 1;
        var step = schedule.Steps[call];
        var (business, latency, attempt) = (step.Business, step.Latency, Attempts[call]++);
        var fault = attempt < step.Faults.Length ? step.Faults[attempt] : Fault.None;
        var knowsHours = _skew == TimeSpan.Zero || (_reported.TryGetValue(business, out var reported) && reported < clock.GetUtcNow());
        if (fault == Fault.Refused)
        {
            await clock.DelayAsync(latency, cancellationToken);
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));
        }

        if (fault == Fault.ConnectStalls)
        {
            await clock.DelayAsync(Timeout.Infinite, cancellationToken);
        }

        await (request.Content?.CopyToAsync(Stream.Null, CancellationToken.None) ?? Task.CompletedTask);
        try
        {
            await clock.DelayAsync(latency, cancellationToken);
        }
        catch (OperationCanceledException) when (fault != Fault.LostOnTheWay)
        {
            // The bytes are on their way: what the caller does now does not stop them.
            clock.At(clock.GetUtcNow() + TimeSpan.FromMilliseconds(latency), () => Arrive(call, fault));
            throw;
        }

        if (fault == Fault.LostOnTheWay)
        {
            throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        }

        var response = await ServeAsync(call, fault, knowsHours, cancellationToken);
        response.RequestMessage = request;
        return response;
    }

    private async Task<HttpResponseMessage> ServeAsync(int call, Fault fault, bool knowsHours, CancellationToken cancellationToken)
    {
        var step = schedule.Steps[call];
        var business = step.Business;
        if (fault == Fault.Edge503)
        {
            return Respond(step, 503, "<html>edge</html>", isCounted: false);
        }

        if (_running.GetValueOrDefault(business) >= AtOnce)
        {
            Refusals.Add($"{call + 1} at {clock.GetUtcNow():mm:ss.fff}: more than {AtOnce} at once");
            return Respond(step, 420, Error("Hit rate limit of '4' parallel requests for business"));
        }

        _running[business] = _running.GetValueOrDefault(business) + 1;
        var place = new Place(() => _running[business]--);
        if (!Arrive(call, fault))
        {
            place.Dispose();
            if (knowsHours && !IsProbe(step))
            {
                Refusals.Add($"{call + 1} at {clock.GetUtcNow():mm:ss.fff}: more than the quota");
            }

            return Respond(step, 420, Error("Hit rate limit of '1000' requests per 'hour' for resource 'R'"));
        }

        if (fault is Fault.ResponseLost)
        {
            place.Dispose();
            throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        }

        if (fault == Fault.ResponseStalls)
        {
            using (place)
            {
                await clock.DelayAsync(Timeout.Infinite, cancellationToken);
            }
        }

        var (status, body) = fault switch
        {
            Fault.Error500 or Fault.Error500Taken => (500, Error("Internal")),
            Fault.NotFound => (404, Error("no chat")),
            Fault.Parallel420 => (420, Error("Hit rate limit of '4' parallel requests for business")),
            Fault.Bare420 => (420, ""),
            Fault.Html => (200, "<html>hello</html>"),
            _ when step.Sends => (200, """{"status":"OK"}"""),
            _ => (200, """{"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T10:00:00Z","sender":"CUSTOMER","message":"m"}}"""),
        };
        var response = Respond(step, status, body, isCounted: fault != Fault.Bare420);
        response.Content = new StreamContent(Slow(Encoding.UTF8.GetBytes(body), step.BodyDelay, fault == Fault.BodyCut, place));
        return response;
    }

    /// <summary>
    /// Whether a refused request can be a probe: the service has not said in this hour that the quota is used up, and nothing of this
    /// quota has arrived for a while (a minute, less what a canceled request may have been late).
    /// </summary>
    private bool IsProbe(Step step) =>
        _toldUsedUp.Add(WindowOf(step))
        && clock.GetUtcNow() - _lastArrival.GetValueOrDefault((step.Business, step.Sends)) >= TimeSpan.FromSeconds(45);

    /// <summary>The request is there: it is counted, and a text is taken. False if the quota is used up.</summary>
    private bool Arrive(int call, Fault fault)
    {
        var step = schedule.Steps[call];
        var window = WindowOf(step);
        var used = _used.GetValueOrDefault(window);
        if (fault == Fault.Edge503)
        {
            return true;
        }

        if (used >= schedule.Quota)
        {
            return false;
        }

        _lastArrival[(step.Business, step.Sends)] = clock.GetUtcNow();
        // What the service fails to do it does not count.
        _used[window] = used + (fault is Fault.Error500 or Fault.Error500Taken ? 0 : 1);
        Taken[call] += step.Sends && fault is not (Fault.Error500 or Fault.Parallel420 or Fault.Bare420 or Fault.NotFound) ? 1 : 0;
        return true;
    }

    private HttpResponseMessage Respond(Step step, int status, string body, bool isCounted = true)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        var headers = schedule.Headers;
        if (headers is not (Headers.None or Headers.WithoutDate))
        {
            response.Headers.Date = Now;
            _reported.TryAdd(step.Business, clock.GetUtcNow());
        }

        if (isCounted && headers != Headers.None)
        {
            var window = WindowOf(step);
            var left = schedule.Quota - _used.GetValueOrDefault(window);
            var end = new DateTimeOffset((window.Hour + 1) * TimeSpan.TicksPerHour, TimeSpan.Zero);
            if (headers == Headers.Nonsense)
            {
                (left, end) = (left % 2 == 0 ? -7 : schedule.Quota + 5, end.AddYears(left % 3 - 7));
            }

            // Without the end of its window nobody can tell which hour a number is of.
            if (left == 0 && headers != Headers.OnlyRemaining)
            {
                _toldUsedUp.Add(window);
            }

            response.Headers.Add("X-RateLimit-Resource-Remaining", left.ToString(CultureInfo.InvariantCulture));
            if (headers != Headers.OnlyRemaining)
            {
                response.Headers.Add("X-RateLimit-Resource-Limit", schedule.Quota.ToString(CultureInfo.InvariantCulture));
                response.Headers.Add("X-RateLimit-Resource-Until", end.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return response;
    }

    /// <summary>A body that is out only after a while; until then, or until its reader goes, the request counts.</summary>
    private StubStream Slow(byte[] bytes, int delay, bool isCut, IDisposable place)
    {
        var (from, isOut) = (new MemoryStream(bytes), false);
        return new(async (buffer, cancellationToken) =>
        {
            try
            {
                await clock.DelayAsync(isOut ? 0 : delay, cancellationToken);
            }
            finally
            {
                isOut = true;
                place.Dispose();
            }

            return isCut ? throw new IOException("cut") : from.Read(buffer.Span);
        })
        {
            Closed = place.Dispose,
        };
    }

    private static string Error(string text) => $$"""{"status":"ERROR","errors":[{"code":"OTHER","message":"{{text}}"}]}""";

    private (int Business, bool Sends, long Hour) WindowOf(Step step) => (step.Business, step.Sends, Now.UtcTicks / TimeSpan.TicksPerHour);

    private sealed class Place(Action leave) : IDisposable
    {
        private Action _leave = leave;

        public void Dispose()
        {
            _leave();
            _leave = () => { };
        }
    }
}
