namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>A step of what the server does with a connection.</summary>
internal delegate Task Step(Stage stage);

/// <summary>What the steps of a row work with: one connection, and the scene around it.</summary>
internal sealed record Stage(Scene Scene, RawConnection Client)
{
    public bool IsFirst => Client.Number == 1;

    /// <summary>The body of a good response, as the method wants it.</summary>
    public string Good => Scene.IsRead
        ? $$$"""{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"CUSTOMER","message":"{{{Canary.Text}}}"}}"""
        : Responses.Sent;

    /// <summary>The headers of a response, which echo the key and the text wherever possible.</summary>
    public Task HeadAsync(int status, params string[] headers) => Client.SendAsync(
        $"HTTP/1.1 {status} {Canary.Echo}\r\ntraceparent: {Canary.Echo}\r\nX-Echo: {Canary.Echo}\r\nContent-Type: application/json\r\n" +
        string.Concat(headers.Select(header => header + "\r\n")) + "\r\n");

    public Task RespondAsync(int status, string body, params string[] headers) => RespondAsync(status, Encoding.UTF8.GetBytes(body), headers);

    public async Task RespondAsync(int status, byte[] body, params string[] headers)
    {
        await HeadAsync(status, [$"Content-Length: {body.Length}", .. headers]);
        await Client.SendAsync(body);
    }

    /// <summary>A response of another length than it says.</summary>
    public async Task RespondAsync(int status, string body, long statedLength)
    {
        await HeadAsync(status, $"Content-Length: {statedLength}");
        await Client.SendAsync(body);
    }

    /// <summary>A body without a length, which ends with the connection.</summary>
    public async Task UntilClosedAsync(int status, string body)
    {
        await HeadAsync(status, "Connection: close");
        await Client.SendAsync(body);
    }

    /// <summary>A body in chunks, of which an empty one is the last.</summary>
    public async Task ChunksAsync(int status, params string[] chunks)
    {
        await RawChunksAsync(status, "");
        foreach (var chunk in chunks)
        {
            await Client.SendAsync($"{Encoding.UTF8.GetByteCount(chunk):x}\r\n{chunk}\r\n");
        }
    }

    /// <summary>A chunked body as it is on the wire.</summary>
    public async Task RawChunksAsync(int status, string chunks)
    {
        await HeadAsync(status, "Transfer-Encoding: chunked");
        await Client.SendAsync(chunks);
    }

    /// <summary>One byte a second: never a pause that is long by itself.</summary>
    public Task DripAsync(string text) => DripAsync([.. text.Select(letter => $"{letter}")]);

    public async Task DripAsync(string[] drops)
    {
        foreach (var drop in drops)
        {
            await Client.SendAsync(drop);
            await Task.Run(() => Scene.Clock.Advance(TimeSpan.FromSeconds(1)));
        }
    }
}
