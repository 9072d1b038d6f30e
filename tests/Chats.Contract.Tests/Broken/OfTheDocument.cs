using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

internal static class OfTheDocument
{
    private const string Server = "  - url: https://api.partner.market.yandex.ru/v2\n";
    private const string Servers = Server + "    description: The current address of both operations.\n";
    private const string PlainHttps = "servers: the first one must be a plain https address";

    public static IEnumerable<TestCaseData> All =>
    [
        new BrokenContract("No YAML", c => c.With("paths:", "paths"), "While scanning"),
        new BrokenContract("A tab for a space", c => c.With("  title:", "\ttitle:"), "While"),
        new BrokenContract(
            "OpenAPI 3.1",
            c => c.With("openapi: 3.0.3", "openapi: 3.1.0"),
            "must be OpenAPI 3.0.3: the generator reads 3.1.0"),
        new BrokenContract("Swagger 2", c => c.With("openapi: 3.0.3", "swagger: '2.0'"), "OpenAPI 3.0.3"),
        new BrokenContract(
            "An unknown keyword at the top",
            c => c.With("x-scopes:", "X-scopes:"),
            "the contract: the keyword 'X-scopes' is not known"),
        new BrokenContract(
            "An unknown keyword in info",
            c => c.WithAfter("  version: 2.0.0\n", "  sumary: x\n"),
            "the keyword 'sumary' is not known"),
        new BrokenContract("An extension of another name", c => c.WithInSend("x-quota: 5"), "the keyword 'x-quota' is not known"),
        new BrokenContract("No server", c => c.With("servers:\n", "x-scopes2:\n"), PlainHttps),
        new BrokenContract(
            "A server with a variable",
            c => c.With(Server, "  - url: https://{host}/v2\n    variables: {host: {default: a}}\n"),
            PlainHttps),
        new BrokenContract("A server without TLS", c => c.With(Server, "  - url: http://api.partner.market.yandex.ru/v2\n"), PlainHttps),
        new BrokenContract(
            "A server with a query",
            c => c.With(Server, "  - url: https://api.partner.market.yandex.ru/v2?x=1\n"),
            PlainHttps),
        new BrokenContract(
            "A server with a last slash",
            c => c.With(Server, "  - url: https://api.partner.market.yandex.ru/v2/\n"),
            PlainHttps),
        new BrokenContract(
            "A line separator in a text",
            c => c.With("  version: 2.0.0\n", "  version: \"2\\u20280\"\n"),
            "Bad JSON escape sequence: \\L. Path 'info.version'"),
        new BrokenContract("A server that is a path", c => c.With(Server, "  - url: /v2\n"), PlainHttps),
        new BrokenContract(
            "A second key",
            c => c.WithAfter("  securitySchemes:\n", "    Other: {type: apiKey, in: header, name: Other}\n"),
            "there must be one security scheme"),
        new BrokenContract(
            "A key in the query",
            c => c.With("      in: header\n", "      in: query\n"),
            "security scheme ApiKey: only a key in a header is known"),
        new BrokenContract(
            "A bearer token",
            c => c.With("      type: apiKey\n      in: header\n      name: Api-Key\n", "      type: http\n      scheme: bearer\n"),
            "security scheme ApiKey: only a key in a header is known"),
        new BrokenContract(
            "A header that is no header",
            c => c.With("      name: Api-Key\n", "      name: Api Key\n"),
            "security scheme ApiKey: the name 'Api Key'"),
        new BrokenContract(
            "No shared answers",
            c => c.With("  responses:\n    BadRequest:", "  x-responses:\n    BadRequest:"),
            "BadRequest"),
        new BrokenContract("A scope with a quote", c => c.WithAfter("x-scopes:\n", "  'a\"b': x\n"), "scope a\"b: the name"),
        new BrokenContract(
            "A scope that begins with a digit",
            c => c.WithAfter("x-scopes:\n", "  2nd: x\n"),
            "the name '2nd' must begin with a letter"),
    ];
}
