using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfOperations
{
    private const string Id = "      operationId: sendMessageToChat\n";
    private const string Scopes = "      x-auth-scopes: [communication, all-methods]\n";
    private const string Quota = "        requests: 1000\n        period: HOUR\n      parameters:\n        - $ref: '#/components/parameters/businessId'\n        - $ref: '#/components/parameters/chatId'\n      requestBody:\n";
    private const string QuotaWords = "operation sendMessageToChat: x-resource-limit-config must hold `requests`";

    public static IEnumerable<TestCaseData> All =>
    [
        new BrokenContract(
            "An id that is there twice",
            c => c.With(Id, "      operationId: getChatMessage\n"),
            "two operations have this id"),
        new BrokenContract("No id", c => c.With(Id, ""), "its operationId is missing"),
        new BrokenContract(
            "An id of one word",
            c => c.With(Id, "      operationId: send\n"),
            "operation send: its operationId is missing, or is not of two words"),
        new BrokenContract(
            "An id with a dash",
            c => c.With(Id, "      operationId: send-Message\n"),
            "operation send-Message: the name 'send-Message' may have letters and digits"),
        new BrokenContract("A method that is not known", c => c.With("    post:\n", "    patch:\n"), "the method patch is not known"),
        new BrokenContract(
            "A method that does not exist",
            c => c.WithBefore("    get:\n      operationId: getChatMessage\n", "    gte: {operationId: toChat}\n"),
            "Required property 'responses' not found"),
        new BrokenContract(
            "A deprecated operation",
            c => c.WithInSend("deprecated: true"),
            "operation sendMessageToChat: 'deprecated' is not known"),
        new BrokenContract(
            "An unknown keyword",
            c => c.WithInSend("quota: 5"),
            "operation sendMessageToChat: the keyword 'quota' is not known"),
        new BrokenContract(
            "A scope that is misspelt",
            c => c.With(Scopes, "      x-auth-scopes: [comunication]\n"),
            "the scope 'comunication' is not in x-scopes"),
        new BrokenContract("No scopes", c => c.With(Scopes, ""), "operation sendMessageToChat: x-auth-scopes is missing or empty"),
        new BrokenContract(
            "An empty list of scopes",
            c => c.With(Scopes, "      x-auth-scopes: []\n"),
            "operation sendMessageToChat: x-auth-scopes is missing or empty"),
        new BrokenContract("A quota without a number", c => c.With(Quota, Quota.Replace("        requests: 1000\n", "")), QuotaWords),
        new BrokenContract("A quota of none", c => c.With(Quota, Quota.Replace("1000", "0")), QuotaWords),
        new BrokenContract("A quota that is no number", c => c.With(Quota, Quota.Replace("1000", "many")), QuotaWords),
        new BrokenContract("A quota of a half", c => c.With(Quota, Quota.Replace("1000", "1000.5")), QuotaWords),
        new BrokenContract("A quota beyond an int", c => c.With(Quota, Quota.Replace("1000", "3000000000")), QuotaWords),
        new BrokenContract("A quota of a day", c => c.With(Quota, Quota.Replace("HOUR", "DAY")), QuotaWords),
        new BrokenContract(
            "No summary",
            c => c.With("      summary: Sends a text to the buyer of a chat.\n", ""),
            "the summary or the description is missing"),
        new BrokenContract(
            "Callbacks",
            c => c.WithInSend("callbacks: {done: {'{$request.body#/url}': {post: {operationId: onDone, responses: {'200': {description: x}}}}}}"),
            "callbacks are not known"),
        new BrokenContract(
            "A server of its own",
            c => c.WithInSend("servers: [{url: 'https://example.org'}]"),
            "servers of its own are not known"),
        new BrokenContract(
            "A path with a query",
            c => c.With("  /businesses/{businessId}/chats/message:", "  /businesses/{businessId}/chats/message?x=1:"),
            "its path has a character"),
        new BrokenContract(
            "A path with a quote",
            c => c.With("  /businesses/{businessId}/chats/message:", "  /businesses/{businessId}/\"chats\"/message:"),
            "its path has a character"),
    ];
}
