namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>
/// The service behind the network, in virtual time: its limits of requests at once and per hour of its own clock, and its faults. It counts
/// a request from its arrival until the last byte of its response is out or its caller has gone.
/// </summary>
internal sealed class SimulatedService(ManualClock clock, int quota, TimeSpan skew, Headers headers) : HttpMessageHandler
{
    private const int AtOnce = 4;

    private readonly Dictionary<long, int> _running = [];
    private readonly Dictionary<(long Business, HttpMethod Method, long Hour), int> _used = [];
    private readonly Dictionary<(long Business, HttpMethod Method), DateTimeOffset> _lastArrival = [];
    private readonly HashSet<(long Business, HttpMethod Method, long Hour)> _toldUsedUp = [];

    public Dictionary<string, int> Taken { get; } = [];

    /// <summary>
    /// When a response first told a business the time: until then, and for calls that went out in the same instant, nobody can know that
    /// the clocks differ, nor when an hour ends.
    /// </summary>
    private readonly Dictionary<long, DateTimeOffset> _reported = [];

    /// <summary>Requests that the limits refused: the client should have kept them back.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>What becomes of the attempts of a call, by its text or message id.</summary>
    public Func<string, (Fault Fault, int Latency, int BodyDelay)> Plan { get; init; } = static _ => (Fault.None, 0, 0);

    private DateTimeOffset Now => clock.GetUtcNow() + skew;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var business = BusinessOf(request);
        var knowsHours = skew == TimeSpan.Zero || (_reported.TryGetValue(business, out var reported) && reported < clock.GetUtcNow());
        var query = request.RequestUri!.Query;
        var call = query[(query.LastIndexOf('=') + 1)..];
        var (fault, latency, bodyDelay) = Plan(call);
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
            clock.At(clock.GetUtcNow() + TimeSpan.FromMilliseconds(latency), () => Arrive(request, business, call, fault));
            throw;
        }

        if (fault == Fault.LostOnTheWay)
        {
            throw new HttpRequestException("reset", new SocketException((int)SocketError.ConnectionReset));
        }

        return await ServeAsync(request, business, call, fault, knowsHours, bodyDelay, cancellationToken);
    }

    private async Task<HttpResponseMessage> ServeAsync(
        HttpRequestMessage request, long business, string call, Fault fault, bool knowsHours, int bodyDelay, CancellationToken cancellationToken)
    {
        if (fault == Fault.Edge503)
        {
            return Respond(request, 503, "<html>edge</html>");
        }

        if (_running.GetValueOrDefault(business) >= AtOnce)
        {
            Refusals.Add($"{call} at {clock.GetUtcNow():mm:ss.fff}: more than {AtOnce} at once");
            return Respond(request, 420, Error("Hit rate limit of '4' parallel requests for business"), business);
        }

        _running[business] = _running.GetValueOrDefault(business) + 1;
        var place = new Place(() => _running[business]--);
        if (!Arrive(request, business, call, fault))
        {
            place.Dispose();
            if (knowsHours && !IsProbe(business, request.Method))
            {
                Refusals.Add($"{call} at {clock.GetUtcNow():mm:ss.fff}: more than the quota");
            }

            return Respond(request, 420, Error("Hit rate limit of '1000' requests per 'hour' for resource 'R'"), business);
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
            _ when request.Method == HttpMethod.Post => (200, """{"status":"OK"}"""),
            _ => (200, """{"status":"OK","result":{"messageId":1,"createdAt":"2025-11-21T10:00:00Z","sender":"CUSTOMER","message":"m"}}"""),
        };
        var response = Respond(request, status, body, fault == Fault.Bare420 ? null : business);
        response.Content = new StreamContent(Slow(Encoding.UTF8.GetBytes(body), bodyDelay, fault == Fault.BodyCut, place));
        return response;
    }

    /// <summary>
    /// Whether a refused request can be a probe: the service has not said in this hour that the quota is used up, and nothing of this
    /// quota has arrived for a while (a minute, less what a canceled request may have been late).
    /// </summary>
    private bool IsProbe(long business, HttpMethod method) =>
        _toldUsedUp.Add((business, method, Hour(Now)))
        && clock.GetUtcNow() - _lastArrival.GetValueOrDefault((business, method)) >= TimeSpan.FromSeconds(45);

    /// <summary>The request is there: it is counted, and a text is taken. False if the quota is used up.</summary>
    private bool Arrive(HttpRequestMessage request, long business, string call, Fault fault)
    {
        var window = (business, request.Method, Hour(Now));
        var used = _used.GetValueOrDefault(window);
        if (fault == Fault.Edge503)
        {
            return true;
        }

        if (used >= quota)
        {
            return false;
        }

        _lastArrival[(business, request.Method)] = clock.GetUtcNow();
        // What the service fails to do it does not count.
        _used[window] = used + (fault is Fault.Error500 or Fault.Error500Taken ? 0 : 1);
        if (request.Method == HttpMethod.Post && fault is not (Fault.Error500 or Fault.Parallel420 or Fault.Bare420 or Fault.NotFound))
        {
            Taken[call] = Taken.GetValueOrDefault(call) + 1;
        }

        return true;
    }

    private HttpResponseMessage Respond(HttpRequestMessage request, int status, string body, long? counted = null)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request, Content = new StringContent(body) };
        if (headers is not (Headers.None or Headers.WithoutDate))
        {
            response.Headers.Date = Now;
            _reported.TryAdd(BusinessOf(request), clock.GetUtcNow());
        }

        if (counted is { } business && headers != Headers.None)
        {
            var left = quota - _used.GetValueOrDefault((business, request.Method, Hour(Now)));
            var end = new DateTimeOffset((Hour(Now) + 1) * TimeSpan.TicksPerHour, TimeSpan.Zero);
            if (headers == Headers.Nonsense)
            {
                (left, end) = (left % 2 == 0 ? -7 : quota + 5, end.AddYears(left % 3 - 7));
            }

            // Without the end of its window nobody can tell which hour a number is of.
            if (left == 0 && headers != Headers.OnlyRemaining)
            {
                _toldUsedUp.Add((business, request.Method, Hour(Now)));
            }

            response.Headers.Add("X-RateLimit-Resource-Remaining", left.ToString(CultureInfo.InvariantCulture));
            if (headers != Headers.OnlyRemaining)
            {
                response.Headers.Add("X-RateLimit-Resource-Limit", quota.ToString(CultureInfo.InvariantCulture));
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

    private static long BusinessOf(HttpRequestMessage request) =>
        long.Parse(request.RequestUri!.Segments[^3].TrimEnd('/'), CultureInfo.InvariantCulture);

    private static string Error(string text) => $$"""{"status":"ERROR","errors":[{"code":"OTHER","message":"{{text}}"}]}""";

    private static long Hour(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerHour;

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
