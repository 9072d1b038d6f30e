namespace YandexMarket.Chats.Tests.Calling;

/// <summary>A call that the key's scopes do not allow makes no request.</summary>
public sealed class ScopeTests : IDisposable
{
    private readonly StubHandler _handler = new();

    public void Dispose() => _handler.Dispose();

    [TestCase(ChatsScopes.Communication, true, true)]
    [TestCase(ChatsScopes.AllMethods, true, true)]
    [TestCase(ChatsScopes.AllMethodsReadOnly, true, false)]
    [TestCase("pricing", false, false)]
    [TestCase("COMMUNICATION", false, false)]
    [TestCase("", false, false)]
    [TestCase("pricing communication", false, false)]
    [TestCase("pricing,all-methods", true, true)]
    public async Task Granted_scopes_decide_before_any_request_and_before_the_key_is_asked_for(string scopes, bool mayRead, bool maySend)
    {
        var keysAsked = 0;
        var granted = scopes.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList();
        using var client = Clients.Over(_handler, options =>
        {
            (options.ApiKey, options.ApiKeyProvider) = (null, _ => new($"key-{++keysAsked}"));
            options.GrantedScopes = granted;
        });
        // Scopes are copied when the client is made.
        granted.Add(ChatsScopes.Communication);

        foreach (var (operation, isAllowed) in new[] { (ChatsOperations.GetChatMessage, mayRead), (ChatsOperations.SendMessageToChat, maySend) })
        {
            var before = _handler.Calls;
            var thrown = await Clients.FailureOfAsync(() => client.CallAsync(operation.IsRead));

            Assert.That(thrown, isAllowed ? Is.Null : Is.TypeOf<ChatsScopeException>());
            Assert.That((_handler.Calls - before, keysAsked), Is.EqualTo((isAllowed ? 1 : 0, _handler.Calls)));
            if (thrown is ChatsScopeException failure)
            {
                Assert.That((failure.Operation, failure.MayHaveBeenSent), Is.EqualTo((operation, false)));
                Assert.That(
                    failure.Message,
                    Does.Contain(operation.Id).And.Contain("GrantedScopes").And.Contain(string.Join(", ", operation.RequiredScopes)));
            }
        }
    }
}
