using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Witnesses.Tests.Contract;
using YandexMarket.Chats.Witnesses.Tests.Prism;

namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>Shows that the check can fail: a service that strays from the contract, and a contract that strays from the service.</summary>
[Slow]
internal sealed class PlantedMistakeTests
{
    private static PrismProcess? _astray;

    /// <summary>A second Prism before the same emulator, with a copy of the contract that is wrong in each direction.</summary>
    [OneTimeSetUp]
    public static async Task Start() => _astray = await PrismProcess.ProxyAsync(
        Changed(
            ("required: [messageId, createdAt, sender]", "required: [messageId, createdAt, sender, color]"),
            ("required: [message]", "required: [message, subject]"),
            ("required: [code]", "required: [code, reason]"),
            ("name: messageId\n      in: query", "name: messageNumber\n      in: query")),
        ProxyWitness.Emulator.BaseAddress);

    [OneTimeTearDown]
    public static async Task Stop() => await (_astray?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task A_page_of_HTML_is_not_what_the_contract_says([Values] bool isRead)
    {
        using var conversation = new Conversation();
        ProxyWitness.Emulator.Faults.Next(ChatsFault.HtmlPage);

        await Assert.ThrowsAsync<ChatsResponseException>(() => conversation.CallAsync(Operation(isRead)));

        AssertSeen(conversation, "response", "media type \"text/html");
    }

    [Test]
    public async Task A_status_that_the_contract_does_not_know_is_seen_though_only_as_a_warning([Values] bool isRead)
    {
        using var conversation = new Conversation();
        ProxyWitness.Emulator.Faults.Next(ChatsFault.ServiceUnavailable);

        await Assert.ThrowsAsync<ChatsApiException>(() => conversation.CallAsync(Operation(isRead)));

        AssertSeen(conversation, "response", "Unable to match the returned status code");
    }

    [Test]
    public async Task A_member_that_an_answer_lacks_is_seen()
    {
        using var conversation = new Conversation(_astray!.Address);

        await conversation.CallAsync(ChatsOperations.GetChatMessage);

        AssertSeen(conversation, "response.body.result", "'color'");
    }

    [Test]
    public async Task A_member_that_an_error_lacks_is_seen()
    {
        using var conversation = new Conversation(_astray!.Address);

        await Assert.ThrowsAsync<ChatsApiException>(() => conversation.CallAsync(ChatsOperations.SendMessageToChat, Keys.Dead));

        AssertSeen(conversation, "response.body.errors.0", "'reason'");
    }

    [Test]
    public async Task A_member_that_a_request_lacks_is_seen()
    {
        using var conversation = new Conversation(_astray!.Address);

        await conversation.CallAsync(ChatsOperations.SendMessageToChat);

        AssertSeen(conversation, "request.body", "'subject'");
    }

    [Test]
    public async Task A_parameter_that_a_request_lacks_is_seen()
    {
        using var conversation = new Conversation(_astray!.Address);

        await conversation.CallAsync(ChatsOperations.GetChatMessage);

        AssertSeen(conversation, "request.query", "'messagenumber'");
    }

    private static void AssertSeen(Conversation conversation, string location, string words)
    {
        Assert.That(
            conversation.Watch.Violations,
            Has.Some.Matches<Violation>(one => one!.Location == location && one.Message.Contains(words, StringComparison.Ordinal)));
    }

    private static ChatsOperation Operation(bool isRead) => isRead ? ChatsOperations.GetChatMessage : ChatsOperations.SendMessageToChat;

    private static string Changed(params (string Old, string New)[] changes) => changes.Aggregate(ContractAnswer.Contract, (text, change) =>
    {
        Assert.That(text, Does.Contain(change.Old), "The contract no longer has what was to be changed.");
        return text.Replace(change.Old, change.New, StringComparison.Ordinal);
    });
}
