using System.Net.Http.Headers;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The example of docs/files.md, run against a raw socket.</summary>
public sealed class FilesExamples
{
    [Test]
    public async Task A_file_is_fetched_with_its_own_authorization()
    {
        await using var server = RawServer.Responding("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
        using var files = new HttpClient();
        var content = await FetchAsync(files, new ChatMessagePayload { Name = "box.jpg", Size = 3, Url = $"{server.Address}" }, "user-token", CancellationToken.None);

        Assert.That(content, Is.EqualTo("abc"u8.ToArray()));
        Assert.That(server.Record.Heads.Single(), Does.Contain("Authorization: OAuth user-token").And.Not.Contain("Api-Key"));
    }

    private static async Task<byte[]> FetchAsync(HttpClient files, ChatMessagePayload file, string userToken, CancellationToken cancellationToken)
    {
        // docs/files: Fetching
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Url);
        request.Headers.Authorization = new AuthenticationHeaderValue("OAuth", userToken);   // the file's own, never the Api-Key
        using var response = await files.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(maxBufferSize: 20 * 1024 * 1024, cancellationToken);
        byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        // end
        return content;
    }
}
