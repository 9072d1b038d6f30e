using System.Net.Http.Json;
using System.Text.Json.Nodes;
using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>WireMock's admin API, as far as it is needed: stubs in, journal out.</summary>
internal sealed class WireMockAdmin(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(address, "__admin/"), Timeout = Patience.Call };

    public async Task StubAsync(JsonObject mapping)
    {
        using var response = await _http.PostAsJsonAsync("mappings", mapping);
        Assert.That((int)response.StatusCode, Is.EqualTo(201), await response.Content.ReadAsStringAsync());
    }

    /// <summary>How many whole requests reached WireMock, answered or not.</summary>
    public async Task<int> CountAsync(string method, string path)
    {
        using var response = await _http.PostAsJsonAsync("requests/count", new JsonObject { ["method"] = method, ["urlPath"] = path });
        response.EnsureSuccessStatusCode();
        return (int)(await response.Content.ReadFromJsonAsync<JsonObject>())!["count"]!;
    }

    /// <summary>All requests that WireMock saw, each with the stub's answer.</summary>
    public async Task<IReadOnlyList<JsonNode>> JournalAsync()
    {
        var journal = await _http.GetFromJsonAsync<JsonObject>("requests");
        return [.. journal!["requests"]!.AsArray().Select(request => request!)];
    }

    public void Dispose() => _http.Dispose();
}
