namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>
/// Makes many calls at once, all with one client, to an emulator that fails one in five, and compares what the client says with what happened.
/// The seed is that of the calls and of the faults. Which call meets which fault is the network's business.
/// </summary>
internal sealed class AgreementRun(int seed, int count, Func<HttpMessageHandler, HttpMessageHandler>? handlers = null) : IDisposable
{
    public const int AtOnce = 64;
    public const double FaultRate = 0.2;

    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(15);

    private readonly AsyncLocal<AgreementCall?> _current = new();
    private readonly HttpClient _http = new((handlers ?? (network => network))(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public IReadOnlyList<AgreementCall> Calls { get; } = Draw(seed, count);

    /// <summary>How many texts stand in a chat to which nobody sent them.</summary>
    public int Strays { get; private set; }

    public void Dispose() => _http.Dispose();

    public async Task PlayAsync()
    {
        await using var emulator = await ChatsEmulator.StartAsync(new ChatsEmulatorOptions
        {
            // It stands still, so that the hour does not end in the middle; both limits are low enough to be met.
            TimeProvider = new ManualClock(),
            ParallelLimit = 1,
            HourlyQuota = count * 5 / 10 / AgreementCall.Businesses,
            MaxRecordedRequests = 1,
        });
        Fill(emulator);
        var callOf = Calls.ToDictionary(call => call.Hint);
        emulator.Requests.Recorded += request => Keep(callOf[request.KeyHint![..4]], request);
        emulator.Faults.Random(seed, FaultRate, [
            .. ChatsFault.All, ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip.For(TimeSpan.Zero)]);

        using var nobody = new ClosedPort();
        using var client = Client(emulator.BaseAddress);
        using var unconnected = Client(nobody.Address);

        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                await MakeAsync(Calls[i], Calls[i].Obstacle == Obstacle.NoServer ? unconnected : client);
            }
        })));

        // A call that has ended here may still be served; what the service takes counts.
        await Until.TrueAsync(() => emulator.Businesses.All(business => business.CallsInProgress == 0));
        var inChats = emulator.Businesses.SelectMany(business => business.Chats)
            .SelectMany(chat => chat.Messages)
            .Where(message => message.Sender == EmulatedSender.Partner)
            .CountBy(message => $"{message.Text} in {message.Chat.Business.Id}/{message.Chat.Id}")
            .ToDictionary();
        foreach (var call in Calls)
        {
            call.InChats = inChats.GetValueOrDefault($"{call.Text} in {call.Business}/{call.Chat}");
        }

        Strays = inChats.Values.Sum() - Calls.Sum(call => call.InChats);
    }

    private static AgreementCall[] Draw(int seed, int count)
    {
        var dice = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(number => AgreementCall.Draw(dice, number))];
    }

    private void Fill(ChatsEmulator emulator)
    {
        var messages = (
            from business in Enumerable.Range(1, AgreementCall.Businesses).Select(id => emulator.AddBusiness(id))
            from chat in Enumerable.Range(1, AgreementCall.ChatsEach).Select(id => business.AddChat(id))
            from spot in Enumerable.Range(0, AgreementCall.MessagesEach)
            select (Place: (business.Id, chat.Id, spot), Message: chat.Receive($"question {spot} in {business.Id}/{chat.Id}")))
            .ToDictionary(it => it.Place, it => it.Message);
        foreach (var call in Calls)
        {
            call.Wanted = messages.GetValueOrDefault((call.Business, call.Chat, call.Spot));
            if (call.Obstacle != Obstacle.DeadKey)
            {
                emulator.AddKey(call.Key, call.Obstacle == Obstacle.ReadOnlyKey ? ChatsScopes.AllMethodsReadOnly : ChatsScopes.Communication);
            }
        }
    }

    private ChatsClient Client(Uri address) => new(_http, new ChatsClientOptions
    {
        ApiKeyProvider = _ => new(_current.Value!.Key),
        BaseAddress = address,
        Timeout = _deadline,
        TimeProvider = new CallClock(() => _current.Value!.Clock),
    });

    private async Task MakeAsync(AgreementCall call, ChatsClient client)
    {
        _current.Value = call;
        using var caller = new CancellationTokenSource();
        var ending = call.Obstacle is Obstacle.Timeout or Obstacle.Cancellation
            ? Task.Run(() => EndSoon(call, call.Obstacle == Obstacle.Timeout ? () => call.Clock.Advance(_deadline) : caller.Cancel))
            : Task.CompletedTask;
        call.Exception = await Clients.FailureOfAsync(async () =>
            call.Message = await client.CallAsync(call.IsRead, call.Business, call.Chat, call.Wanted?.Id ?? 1, call.Text, caller.Token));
        await ending;
    }

    /// <summary>Lets the call come some way, and then ends it.</summary>
    private static void EndSoon(AgreementCall call, Action end)
    {
        Thread.SpinWait(call.Number * 7919 % 997 * (call.Spot + 1) * 8);
        end();
    }

    private static void Keep(AgreementCall call, RecordedRequest request)
    {
        call.Requests.Enqueue(request);
        if (request.Fault?.Name == ChatsFault.Stall.Name)
        {
            // Only its timeout can end it. On another thread, as the emulator waits for this one.
            _ = Task.Run(() => call.Clock.Advance(_deadline));
        }
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
