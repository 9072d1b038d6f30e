using System.Text.Json.Nodes;
using YandexMarket.Chats.Emulator.Tests;
using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>Rows of <c>docs/failures.md</c> about time. WireMock is really slow; the client's clock moves at its moment.</summary>
internal sealed class DelayTests
{
    private const int TenMinutes = 600_000;

    private readonly ManualClock _clock = new();
    private readonly StubbedBusiness _business = new();

    private static IEnumerable<ChatsOperation> Operations => ChatsOperations.All;

    [TestCaseSource(nameof(Operations))]
    public async Task The_time_is_over_before_the_answer(ChatsOperation operation)
    {
        var response = StubbedBusiness.Good(operation);
        response["fixedDelayMilliseconds"] = TenMinutes;
        await _business.StubAsync(operation, response);
        using var client = new ChatsClient(StubbedBusiness.Options(_clock));

        var call = RowTest.FailureOfAsync(_business.CallAsync(client, operation));
        await Patience.UntilAsync(async () => await _business.SeenAsync(operation) > 0);
        _clock.Advance(TimeSpan.FromSeconds(15));

        await RowTest.AssertAsync("the time is over before the answer", operation, await call, _business);
    }

    [TestCaseSource(nameof(Operations))]
    public async Task The_body_drips(ChatsOperation operation)
    {
        await _business.StubAsync(operation, Dripping(operation, chunks: 10_000, TenMinutes));
        var head = new HeadSignal();
        using var http = new HttpClient(head);
        using var client = new ChatsClient(http, StubbedBusiness.Options(_clock));

        var call = RowTest.FailureOfAsync(_business.CallAsync(client, operation));
        await head.Arrived.WaitAsync(Patience.Call);
        _clock.Advance(TimeSpan.FromSeconds(15));

        await RowTest.AssertAsync("a body drips, one byte a second", operation, await call, _business);
    }

    [TestCaseSource(nameof(Operations))]
    public async Task A_body_that_drips_is_whole_just_in_time(ChatsOperation operation)
    {
        await _business.StubAsync(operation, Dripping(operation, chunks: 20, milliseconds: 400));
        using var client = new ChatsClient(StubbedBusiness.Options(_clock));

        var failure = await RowTest.FailureOfAsync(_business.CallAsync(client, operation));

        await RowTest.AssertAsync("a slow answer that is whole just in time", operation, failure, _business);
    }

    /// <summary>A good answer in so many chunks, followed by white space if it has not as many bytes.</summary>
    private static JsonObject Dripping(ChatsOperation operation, int chunks, int milliseconds)
    {
        var response = StubbedBusiness.Good(operation);
        response["body"] = ((string)response["body"]!).PadRight(chunks);
        response["chunkedDribbleDelay"] = new JsonObject { ["numberOfChunks"] = chunks, ["totalDuration"] = milliseconds };
        return response;
    }

    private sealed class HeadSignal() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Arrived => _arrived.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            _arrived.TrySetResult();
            return response;
        }
    }
}
