using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using YandexMarket.Chats.Emulator.Tests;
using YandexMarket.Chats.Hosting;
using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>
/// Answers that follow one another: who repeats a call, and when. The journal is the truth. The bare client repeats nothing; the pipeline
/// of Chats.Hosting repeats what proves a refusal, and never a send that may have been taken.
/// </summary>
internal sealed class ScenarioTests
{
    private readonly StubbedBusiness _business = new();

    private static IEnumerable<ChatsOperation> Operations => ChatsOperations.All;

    [TestCaseSource(nameof(Operations))]
    public async Task The_client_tells_a_420_and_the_caller_repeats(ChatsOperation operation)
    {
        await StubAsync(operation, TooManyAtOnce(), StubbedBusiness.Good(operation));
        using var client = new ChatsClient(StubbedBusiness.Options(new ManualClock()));

        var refusal = await RowTest.FailureOfAsync(_business.CallAsync(client, operation)) as ChatsRateLimitException;
        var seen = await _business.SeenAsync(operation);
        var second = await RowTest.FailureOfAsync(_business.CallAsync(client, operation));

        Assert.That((refusal!.StatusCode, refusal.Limit, refusal.MayHaveBeenSent, seen), Is.EqualTo((420, ChatsLimitKind.Parallel, false, 1)));
        Assert.That((second, await _business.SeenAsync(operation)), Is.EqualTo(((Exception?)null, 2)));
    }

    [TestCaseSource(nameof(Operations))]
    public async Task Hosting_repeats_after_a_420(ChatsOperation operation)
    {
        await StubAsync(operation, TooManyAtOnce(), StubbedBusiness.Good(operation));
        await using var services = Hosted();

        var failure = await CallAsync(services, operation);

        Assert.That((failure, await _business.SeenAsync(operation)), Is.EqualTo(((Exception?)null, 2)));
    }

    [Test]
    public async Task Hosting_repeats_a_read_after_a_reset()
    {
        var read = ChatsOperations.GetChatMessage;
        await StubAsync(read, Fault("CONNECTION_RESET_BY_PEER"), StubbedBusiness.Good(read));
        await using var services = Hosted();

        var failure = await CallAsync(services, read);

        Assert.That((failure, await _business.SeenAsync(read)), Is.EqualTo(((Exception?)null, 2)));
    }

    [TestCase("CONNECTION_RESET_BY_PEER")]
    [TestCase("EMPTY_RESPONSE")]
    [TestCase("RANDOM_DATA_THEN_CLOSE")]
    [TestCase("MALFORMED_RESPONSE_CHUNK")]
    public async Task Hosting_repeats_no_send_that_may_have_been_taken(string fault)
    {
        await StubAsync(ChatsOperations.SendMessageToChat, Fault(fault), StubbedBusiness.Good(ChatsOperations.SendMessageToChat));
        await using var services = Hosted();

        var failure = await CallAsync(services, ChatsOperations.SendMessageToChat);

        Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property(nameof(ChatsException.MayHaveBeenSent)).True);
        Assert.That(await _business.SeenAsync(ChatsOperations.SendMessageToChat), Is.EqualTo(1));
    }

    private static JsonObject TooManyAtOnce() => new()
    {
        ["status"] = 420,
        ["jsonBody"] = JsonNode.Parse(
            """{"status":"ERROR","errors":[{"code":"OTHER","message":"Hit rate limit of '4' parallel requests for businessId '1'"}]}"""),
    };

    private static JsonObject Fault(string fault) => new() { ["fault"] = fault };

    private async Task StubAsync(ChatsOperation operation, JsonObject first, JsonObject then)
    {
        await _business.StubAsync(operation, first, ("Started", "met"));
        await _business.StubAsync(operation, then, ("met", "met"));
    }

    private Task<Exception?> CallAsync(ServiceProvider services, ChatsOperation operation) =>
        RowTest.FailureOfAsync(_business.CallAsync(services.GetRequiredService<IChatsClient>(), operation));

    /// <summary>As an application has it, but for the pause, which is short, and for patience with a busy machine.</summary>
    private static ServiceProvider Hosted()
    {
        var services = new ServiceCollection();
        services
            .AddChatsClient(options =>
            {
                options.ApiKey = StubbedBusiness.Key;
                options.BaseAddress = WireMockWitness.Address;
                options.Timeout = Patience.Call;
            })
            .ConfigureChatsHosting(options =>
            {
                options.RetryDelay = TimeSpan.FromMilliseconds(10);
                options.MaxQuotaWait = Patience.Call;
                options.AttemptTimeout = Patience.Call;
            });
        return services.BuildServiceProvider(validateScopes: true);
    }
}
