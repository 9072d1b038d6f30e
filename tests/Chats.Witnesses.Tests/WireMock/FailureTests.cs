using System.Globalization;
using System.Text.Json.Nodes;
using YandexMarket.Chats.Emulator.Tests;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>Rows of <c>docs/failures.md</c> that need no clock: WireMock's four socket faults, and every bare status.</summary>
internal sealed class FailureTests
{
    private static readonly (string Row, string Fault)[] _faults =
    [
        ("closed after the request", "EMPTY_RESPONSE"),
        ("reset after the request", "CONNECTION_RESET_BY_PEER"),
        ("garbage in place of HTTP", "RANDOM_DATA_THEN_CLOSE"),
        ("the size of a chunk is no number", "MALFORMED_RESPONSE_CHUNK"),
    ];

    private static IEnumerable<string> Statuses => FailureRow.All.Select(row => row.Name).Where(name => int.TryParse(name, out _));

    private static IEnumerable<TestCaseData> Faults =>
        from operation in ChatsOperations.All
        from fault in _faults
        select new TestCaseData(operation, fault.Row, new JsonObject { ["fault"] = fault.Fault })
            .SetArgDisplayNames(operation.Id, fault.Fault, fault.Row);

    private static IEnumerable<TestCaseData> BareStatuses =>
        from operation in ChatsOperations.All
        from status in Statuses
        select new TestCaseData(operation, status, new JsonObject { ["status"] = int.Parse(status, CultureInfo.InvariantCulture) })
            .SetArgDisplayNames(operation.Id, status);

    [TestCaseSource(nameof(Faults))]
    [TestCaseSource(nameof(BareStatuses))]
    public async Task A_call_ends_as_the_page_says(ChatsOperation operation, string row, JsonObject response)
    {
        var business = new StubbedBusiness();
        await business.StubAsync(operation, response);
        using var client = new ChatsClient(StubbedBusiness.Options(new ManualClock()));

        var failure = await RowTest.FailureOfAsync(business.CallAsync(client, operation));

        await RowTest.AssertAsync(row, operation, failure, business);
    }

    [Test]
    public async Task A_stubbed_read_is_read()
    {
        var business = new StubbedBusiness();
        await business.StubAsync(ChatsOperations.GetChatMessage, StubbedBusiness.Good(ChatsOperations.GetChatMessage));
        using var client = new ChatsClient(StubbedBusiness.Options(new ManualClock()));

        var message = await business.CallAsync(client, ChatsOperations.GetChatMessage);

        Assert.That(
            (message!.MessageId, message.Sender, message.Message, message.CreatedAt),
            Is.EqualTo((7, ChatMessageSender.Customer, "Где?", new DateTimeOffset(2025, 11, 21, 10, 20, 30, TimeSpan.FromHours(3)))));
        Assert.That(await business.SeenAsync(ChatsOperations.GetChatMessage), Is.EqualTo(1));
    }

    [Test]
    public async Task A_stubbed_send_is_sent_once()
    {
        var business = new StubbedBusiness();
        await business.StubAsync(ChatsOperations.SendMessageToChat, StubbedBusiness.Good(ChatsOperations.SendMessageToChat));
        using var client = new ChatsClient(StubbedBusiness.Options(new ManualClock()));

        await business.CallAsync(client, ChatsOperations.SendMessageToChat);

        Assert.That(await business.SeenAsync(ChatsOperations.SendMessageToChat), Is.EqualTo(1));
    }

    [Test]
    public void The_page_has_the_rows_that_are_played_here() => Assert.Multiple(() =>
    {
        Assert.That(FailureRow.All, Has.Count.GreaterThan(100));
        Assert.That(Statuses, Is.SupersetOf(["400", "403", "404", "420", "500"]));
    });
}
