namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>Shows that Prism finds something: in a service that strays from the contract, and in a contract that strays from the service.</summary>
[Slow]
internal sealed class PlantedMistakeTests
{
    private static Prism? _astray;

    /// <summary>A second Prism in front of the same emulator, with a copy of the contract that is wrong in each direction.</summary>
    [OneTimeSetUp]
    public static async Task Start() => _astray = await Prism.ProxyAsync(
        Changed(
            ("required: [messageId, createdAt, sender]", "required: [messageId, createdAt, sender, color]"),
            ("required: [message]", "required: [message, subject]"),
            ("required: [code]", "required: [code, reason]"),
            ("name: messageId\n      in: query", "name: messageNumber\n      in: query")),
        Witness.Emulator.BaseAddress);

    [OneTimeTearDown]
    public static async Task Stop() => await (_astray?.DisposeAsync() ?? ValueTask.CompletedTask);

    [Test]
    public async Task A_page_of_HTML_and_an_unknown_status_which_is_only_a_warning_are_found([Values] bool isRead, [Values] bool isPage)
    {
        using var conversation = new Conversation();
        Witness.Emulator.Faults.Next(isPage ? ChatsFault.HtmlPage : ChatsFault.ServiceUnavailable);

        await Assert.CatchAsync<ChatsException>(
            () => conversation.CallAsync(isRead ? ChatsOperations.GetChatMessage : ChatsOperations.SendMessageToChat));

        AssertFound(conversation, "response", isPage ? "media type \"text/html" : "Unable to match the returned status code");
    }

    [Test]
    public async Task A_member_or_a_parameter_that_is_missing_is_found()
    {
        using var conversation = new Conversation(_astray);

        await conversation.CallAsync(ChatsOperations.GetChatMessage);
        await conversation.CallAsync(ChatsOperations.SendMessageToChat);
        await Assert.ThrowsAsync<ChatsApiException>(() => conversation.CallAsync(ChatsOperations.SendMessageToChat, Witness.UnknownKey));

        using (Assert.EnterMultipleScope())
        {
            AssertFound(conversation, "response.body.result", "'color'");
            AssertFound(conversation, "response.body.errors.0", "'reason'");
            AssertFound(conversation, "request.body", "'subject'");
            AssertFound(conversation, "request.query", "'messagenumber'");
        }
    }

    private static void AssertFound(Conversation conversation, string location, string words) => Assert.That(
        conversation.Watch.Violations,
        Has.Some.Matches<Violation>(one => one!.Location == location && one.Message.Contains(words, StringComparison.Ordinal)));

    private static string Changed(params (string Old, string New)[] changes) => changes.Aggregate(ContractExample.Contract, (text, change) =>
    {
        Assert.That(text, Does.Contain(change.Old), "The contract no longer has what was to be changed.");
        return text.Replace(change.Old, change.New, StringComparison.Ordinal);
    });
}
