using System.Text;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>What a script of a row works with: one connection, and the scene around it.</summary>
internal sealed class Stage(Scene scene, RawConnection client)
{
    public RawConnection Client => client;

    public Scene Scene => scene;

    /// <summary>The body of a good response, as the method wants it.</summary>
    public string Good => scene.IsRead
        ? $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{Canary.Text}}}"}}"""
        : """{"status":"OK"}""";

    public Task<bool> TakeAsync() => client.ReadRequestAsync();

    public Task SendAsync(string text) => client.SendAsync(text);

    /// <summary>A whole response with its length, which repeats the key and the text wherever it can.</summary>
    public Task RespondAsync(int status, string body, params string[] headers) => RespondAsync(status, Encoding.UTF8.GetBytes(body), headers);

    public async Task RespondAsync(int status, byte[] body, params string[] headers)
    {
        await client.SendAsync(Head(status, [$"Content-Length: {body.Length}", .. headers]));
        await client.SendAsync(body);
    }

    public Task HeadAsync(int status, params string[] headers) => client.SendAsync(Head(status, headers));

    /// <summary>A response of another length than it says.</summary>
    public async Task RespondAsync(int status, string body, long statedLength)
    {
        await HeadAsync(status, $"Content-Length: {statedLength}");
        await SendAsync(body);
    }

    public Task ChunksAsync(int status, string body) => RawChunksAsync(status, Chunk(body));

    /// <summary>A body without a length, which ends with the connection.</summary>
    public async Task UntilClosedAsync(int status, string body)
    {
        await HeadAsync(status, "Connection: close");
        await SendAsync(body);
    }

    /// <summary>A chunked body as it is on the wire.</summary>
    public async Task RawChunksAsync(int status, string chunks)
    {
        await HeadAsync(status, "Transfer-Encoding: chunked");
        await SendAsync(chunks);
    }

    public Task ChunkAsync(string body) => SendAsync(Chunk(body));

    private static string Chunk(string body) => $"{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n";

    /// <summary>The time of the call is over here; then silence until the client has gone.</summary>
    public async Task TimeIsOverAsync()
    {
        await scene.TimeIsOverAsync();
        await client.HoldAsync();
    }

    /// <summary>The same, once the client has the head of the response (for rows with a watched HttpClient).</summary>
    public async Task TimeIsOverInBodyAsync()
    {
        await scene.HeadersArrived;
        await TimeIsOverAsync();
    }

    /// <summary>One byte a second: never a pause that is long by itself.</summary>
    public async Task DripAsync(string text)
    {
        foreach (var letter in Encoding.UTF8.GetBytes(text))
        {
            await client.SendAsync(new[] { letter });
            await Task.Run(() => scene.Clock.Advance(TimeSpan.FromSeconds(1)));
        }
    }

    /// <summary>Responds to the good call that comes before (<see cref="FaultRow.AfterGoodCall"/>), on the first connection.</summary>
    public async Task<bool> GoodCallFirstAsync()
    {
        if (client.Number > 1)
        {
            return false;
        }

        await TakeAsync();
        await RespondAsync(200, Good);
        return true;
    }

    public static string Head(int status, params string[] headers) =>
        $"HTTP/1.1 {status} {Canary.Echo}\r\ntraceparent: {Canary.Echo}\r\nX-Echo: {Canary.Echo}\r\nContent-Type: application/json\r\n" +
        string.Concat(headers.Select(header => header + "\r\n")) + "\r\n";
}
