namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>
/// Makes many calls at once, all with one client, to an emulator that fails one in five, and compares what the client says with what happened.
/// Each call has a key and a clock of its own.
/// </summary>
internal sealed class AgreementRun : IDisposable
{
    public const int AtOnce = 64;
    public const double FaultRate = 0.2;

    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<RecordedRequest>> _requests = new();
    private readonly ConcurrentDictionary<string, ManualClock> _clocks = new();
    private readonly ConcurrentBag<(PlannedCall Plan, Exception? Exception, ChatMessage? Message)> _words = [];
    private readonly Dictionary<(int Business, int Chat), EmulatedMessage[]> _messages = [];
    private readonly AsyncLocal<PlannedCall?> _current = new();
    private readonly PlannedCall[] _plan;
    private readonly HttpClient _http;

    private AgreementRun(PlannedCall[] plan, DelegatingHandler? handler)
    {
        var sockets = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler?.InnerHandler = sockets;
        _http = new HttpClient(handler ?? (HttpMessageHandler)sockets) { Timeout = Timeout.InfiniteTimeSpan };
        _plan = plan;
    }

    public IReadOnlyList<ComparedCall> Calls { get; private set; } = [];

    /// <summary>How many texts stand in a chat to which nobody sent them.</summary>
    public int Strays { get; private set; }

    /// <summary>The seed is that of the calls and of the faults. Which call meets which fault is the network's business.</summary>
    public static async Task<AgreementRun> PlayAsync(int seed, int count, DelegatingHandler? handler = null)
    {
        using var run = new AgreementRun(PlannedCall.Draw(seed, count), handler);
        await run.PlayAsync(seed);
        return run;
    }

    public string[] Disagreements() => [.. Calls.SelectMany(call => call.Disagreements())];

    public void Dispose() => _http.Dispose();

    private async Task PlayAsync(int seed)
    {
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            // It stands still, so that the hour does not end in the middle; both limits are low enough to be met.
            TimeProvider = new ManualClock(),
            ParallelLimit = 1,
            HourlyQuota = _plan.Length * 5 / 10 / PlannedCall.Businesses,
            MaxRecordedRequests = 1,
        });
        Fill(emulator);
        emulator.Requests.Recorded += Keep;
        emulator.Faults.Random(seed, FaultRate, [
            .. ChatsFault.All, ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip.For(TimeSpan.Zero)]);

        using var nobody = new ClosedPort();
        using var client = Client(emulator.BaseAddress);
        using var unconnected = Client(nobody.Address);

        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < _plan.Length;)
            {
                var plan = _plan[i];
                await MakeAsync(plan, plan.Obstacle == Obstacle.NoServer ? unconnected : client);
            }
        })));

        // A call that has ended here may still be served; what the service takes counts.
        await Until.TrueAsync(() => emulator.Businesses.All(business => business.CallsInProgress == 0));
        Compare(emulator);
    }

    private void Fill(ChatsEmulator emulator)
    {
        foreach (var plan in _plan.Where(plan => plan.Obstacle != Obstacle.DeadKey))
        {
            emulator.AddKey(plan.Key, plan.Obstacle == Obstacle.ReadOnlyKey ? ChatsScopes.AllMethodsReadOnly : ChatsScopes.Communication);
        }

        for (var business = 1; business <= PlannedCall.Businesses; business++)
        {
            var filled = emulator.AddBusiness(business);
            for (var chat = 1; chat <= PlannedCall.ChatsEach; chat++)
            {
                var added = filled.AddChat(chat);
                _messages[(business, chat)] = [.. Enumerable.Range(0, PlannedCall.MessagesEach).Select(i => added.Receive($"question {i} in {business}/{chat}"))];
            }
        }
    }

    private EmulatedMessage? WantedBy(PlannedCall plan) =>
        plan.IsRead && _messages.TryGetValue((plan.Business, plan.Chat), out var messages) ? messages[plan.Spot] : null;

    private ChatsClient Client(Uri address) => new(_http, new ChatsClientOptions
    {
        ApiKeyProvider = _ => new(_current.Value!.Key),
        BaseAddress = address,
        Timeout = _deadline,
        TimeProvider = new CallClock(() => _clocks[_current.Value!.Hint]),
    });

    private async Task MakeAsync(PlannedCall plan, ChatsClient client)
    {
        _current.Value = plan;
        var clock = _clocks[plan.Hint] = new ManualClock();
        using var caller = new CancellationTokenSource();
        var ending = plan.Obstacle is Obstacle.Timeout or Obstacle.Cancellation
            ? Task.Run(() => EndSoon(plan, plan.Obstacle == Obstacle.Timeout ? () => clock.Advance(_deadline) : caller.Cancel))
            : Task.CompletedTask;
        ChatMessage? message = null;
        var exception = await Clients.FailureOfAsync(async () =>
            message = await client.CallAsync(plan.IsRead, plan.Business, plan.Chat, WantedBy(plan)?.Id ?? 1, plan.Text, caller.Token));
        _words.Add((plan, exception, message));
        await ending;
    }

    /// <summary>Lets the call come some way, and then ends it.</summary>
    private static void EndSoon(PlannedCall plan, Action end)
    {
        Thread.SpinWait(plan.Number * 7919 % 997 * (plan.Spot + 1) * 8);
        end();
    }

    private void Keep(RecordedRequest request)
    {
        var hint = request.KeyHint![..4];
        _requests.GetOrAdd(hint, _ => new()).Enqueue(request);
        if (request.Fault?.Name == ChatsFault.Stall.Name)
        {
            // Only its timeout can end it. On another thread, as the emulator waits for this one.
            _ = Task.Run(() => _clocks[hint].Advance(_deadline));
        }
    }

    private void Compare(ChatsEmulator emulator)
    {
        var inChats = emulator.Businesses.SelectMany(business => business.Chats)
            .SelectMany(chat => chat.Messages)
            .Where(message => message.Sender == EmulatedSender.Partner)
            .CountBy(message => $"{message.Text} in {message.Chat.Business.Id}/{message.Chat.Id}")
            .ToDictionary();
        Calls =
        [
            .. from word in _words
               let plan = word.Plan
               orderby plan.Number
               select new ComparedCall(
                   plan,
                   word.Exception,
                   word.Message,
                   WantedBy(plan),
                   _requests.TryGetValue(plan.Hint, out var requests) ? [.. requests] : [],
                   inChats.GetValueOrDefault($"{plan.Text} in {plan.Business}/{plan.Chat}")),
        ];
        Strays = inChats.Values.Sum() - Calls.Sum(call => call.InChats);
    }

    /// <summary>A clock for a client that serves many calls: each call has its own, which its test can move.</summary>
    private sealed class CallClock(Func<ManualClock> clockOfCall) : TimeProvider
    {
        public override long TimestampFrequency => clockOfCall().TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clockOfCall().GetUtcNow();

        public override long GetTimestamp() => clockOfCall().GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            clockOfCall().CreateTimer(callback, state, dueTime, period);
    }
}
