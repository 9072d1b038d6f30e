namespace YandexMarket.Chats.Tests.Calling;

/// <summary>What the key is known not to be allowed is not even asked.</summary>
public sealed class ScopeTests : StubFixture
{
    [TestCase(ChatsScopes.Communication, true, true)]
    [TestCase(ChatsScopes.AllMethods, true, true)]
    [TestCase(ChatsScopes.AllMethodsReadOnly, true, false)]
    [TestCase("pricing", false, false)]
    [TestCase("COMMUNICATION", false, false)]
    [TestCase("", false, false)]
    [TestCase("pricing communication", false, false)]
    [TestCase("pricing,all-methods", true, true)]
    public async Task Granted_scopes_decide_before_any_request(string granted, bool mayRead, bool maySend)
    {
        Stub.Answer(StubAnswer.Ok("""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}"""));
        using var client = NewClient(options => options.GrantedScopes = granted.Split(',', StringSplitOptions.RemoveEmptyEntries));

        await AssertAsync(() => client.GetChatMessageAsync(1, 2, 3), ChatsOperations.GetChatMessage, mayRead);
        await AssertAsync(() => client.SendMessageToChatAsync(1, 2, "text"), ChatsOperations.SendMessageToChat, maySend);

        string[] expected = [.. mayRead ? ["GET"] : Array.Empty<string>(), .. maySend ? ["POST"] : Array.Empty<string>()];
        Assert.That(Stub.Requests.Select(request => request.Method), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_refusal_does_not_ask_for_the_key()
    {
        using var client = NewClient(options =>
        {
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => throw new InvalidOperationException("was asked"));
            options.GrantedScopes = [];
        });

        await Assert.ThrowsAsync<ChatsScopeException>(() => client.SendMessageToChatAsync(1, 2, "text"));
    }

    [Test]
    public async Task Scopes_are_copied()
    {
        var granted = new List<string> { ChatsScopes.AllMethodsReadOnly };
        Stub.Answer(StubAnswer.Ok("""{"status":"OK"}"""));
        using var client = NewClient(options => options.GrantedScopes = granted);
        granted.Add(ChatsScopes.Communication);

        await Assert.ThrowsAsync<ChatsScopeException>(() => client.SendMessageToChatAsync(1, 2, "text"));
        Assert.That(Stub.Requests, Is.Empty);
    }

    private static async Task AssertAsync(Func<Task> call, ChatsOperation operation, bool allowed)
    {
        if (allowed)
        {
            await call();
            return;
        }

        var exception = await Assert.ThrowsAsync<ChatsScopeException>(() => call());
        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception!.Operation, exception.MayHaveBeenSent), Is.EqualTo((operation, false)));
            Assert.That(exception.Message, Does.Contain(operation.Id).And.Contain("GrantedScopes"));
            Assert.That(exception.Message, Does.Contain(string.Join(", ", operation.RequiredScopes)));
        }
    }
}
