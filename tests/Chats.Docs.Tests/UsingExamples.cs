using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace YandexMarket.Chats.Docs.Tests;

/// <summary>The examples of docs/using.md, docs/errors.md and docs/files.md, run against the emulator or a raw socket.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UsingExamples
{
    [Test]
    public async Task A_key_that_changes()
    {
        await using var shop = await Shop.OpenAsync();
        var vault = new Vault();

        // docs/using: Key and scopes
        var options = new ChatsClientOptions { ApiKeyProvider = async cancellationToken => await vault.ReadAsync("chats-key", cancellationToken) };
        // end
        options.BaseAddress = shop.Emulator.BaseAddress;
        using var client = new ChatsClient(options);
        await client.SendMessageToChatAsync(1, 2, "one");
        vault.Key = "old";

        Assert.That(() => client.SendMessageToChatAsync(1, 2, "two"), Throws.TypeOf<ChatsApiException>().With.Property("StatusCode").EqualTo(401));
    }

    [Test]
    public async Task The_table_of_operations()
    {
        using var written = new StringWriter();
        var Console = written;

        // docs/using: What the contract says of an operation
        foreach (ChatsOperation operation in ChatsOperations.All)
        {
            Console.WriteLine($"{operation.Id} needs {string.Join(" or ", operation.RequiredScopes)}, {operation.QuotaPerHour} an hour");
        }
        // end

        Assert.That(written.ToString(), Does.Contain("sendMessageToChat needs communication or all-methods, 1000 an hour"));
    }

    [Test]
    public async Task A_message_with_files()
    {
        await using var shop = await Shop.OpenAsync();
        var (client, businessId, chatId) = (shop.Client, 1, 2);
        var messageId = shop.Chat.Receive(null, new ChatAttachment("box.jpg", "https://example.org/box.jpg", 48213)).Id;
        using var written = new StringWriter();
        var Console = written;

        // docs/using: Reading
        ChatMessage message = await client.GetChatMessageAsync(businessId, chatId, messageId);
        if (message.Sender == ChatMessageSender.Customer)
        {
            Console.WriteLine(message.Message ?? "(files only)");
            foreach (ChatMessagePayload file in message.Payload ?? [])
            {
                Console.WriteLine($"{file.Name}, {file.Size} bytes: {file.Url}");
            }
        }
        // end

        Assert.That(written.ToString().ReplaceLineEndings("\n"), Is.EqualTo("(files only)\nbox.jpg, 48213 bytes: https://example.org/box.jpg\n"));
    }

    [Test]
    public async Task The_callers_own_HttpClient()
    {
        await using var shop = await Shop.OpenAsync();
        const string key = "key";

        // docs/using: Using your own HttpClient
        var options = new ChatsClientOptions { ApiKey = key };
        options.BaseAddress = shop.Emulator.BaseAddress; // test only
        var handler = new Timing { InnerHandler = ChatsClient.CreateHandler(options) };
        using var http = new HttpClient(handler);
        using var client = new ChatsClient(http, options);
        // end
        await client.SendMessageToChatAsync(1, 2, "Hello");
        using var other = await http.GetAsync(shop.Emulator.BaseAddress);

        Assert.That(handler.Timings.Select(timing => timing.Operation), Is.EqualTo(["sendMessageToChat"]));
    }

    [Test]
    public async Task A_send_that_is_canceled()
    {
        await using var shop = await Shop.OpenAsync();
        var (client, businessId, chatId, text) = (shop.Client, 1, 2, "Hello");
        shop.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery());
        using var caller = new CancellationTokenSource();
        shop.Emulator.Requests.Recorded += _ => caller.Cancel();
        var (cancellationToken, looked) = (caller.Token, new List<string>());
        Task AskForReviewAsync(long chat, string lost)
        {
            looked.Add($"{chat}: {lost}");
            return Task.CompletedTask;
        }

        // docs/using: Cancellation
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, text, cancellationToken);
        }
        catch (ChatsCanceledException canceled) when (canceled.MayHaveBeenSent)
        {
            await AskForReviewAsync(chatId, text);   // the buyer may have it
        }
        // end

        Assert.That((looked, shop.Emulator.Requests.TotalDelivered), Is.EqualTo((new[] { "2: Hello" }, 1L)));
    }

    [Test]
    public async Task What_to_log_about_an_error()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Emulator.Faults.Next(ChatsFault.InternalServerError);
        var logger = new FakeLogger();

        Assert.That(() => SendAsync(shop.Client, 1, 2, "a secret text", logger, CancellationToken.None), Throws.TypeOf<ChatsApiException>());

        var written = $"{logger.LatestRecord.Message}\n{logger.LatestRecord.Exception}";
        Assert.That(written, Does.StartWith($"sendMessageToChat of chat 2 failed, trace {shop.Emulator.Requests.Single().TraceParent}\n"));
        Assert.That(written, Does.Contain("may have been sent"));
        Assert.That(written, Does.Not.Contain("secret"));
    }

#pragma warning disable CA1848 // The page shows the usual call; LoggerMessage is for hot paths.
    private static async Task SendAsync(
        ChatsClient client, long businessId, long chatId, string text, ILogger logger, CancellationToken cancellationToken)
    {
        // docs/errors: What to log
        try
        {
            await client.SendMessageToChatAsync(businessId, chatId, text, cancellationToken);
        }
        catch (ChatsApiException exception)
        {
            logger.LogError(exception, "{Operation} of chat {Chat} failed, trace {TraceParent}", exception.Operation.Id, chatId, exception.TraceParent);
            throw;
        }
        // end
    }
#pragma warning restore CA1848

    [TestCase("https://files.example/box.jpg", true)]
    [TestCase("HTTPS://FILES.example:8443/box.jpg", true)]
    [TestCase("http://files.example/box.jpg", false)]
    [TestCase("https://files.example.evil.example/box.jpg", false)]
    [TestCase("https://files.example@evil.example/box.jpg", false)]
    [TestCase("https://127.0.0.1/box.jpg", false)]
    [TestCase("file:///etc/passwd", false)]
    [TestCase("/box.jpg", false)]
    [TestCase("", false)]
    public async Task A_file_is_downloaded_with_its_own_authorization_from_a_listed_host_only(string url, bool isTrusted)
    {
        using var handler = new StubHandler("abc");
        using var files = new HttpClient(handler);
        var content = await FetchAsync(files, new ChatMessagePayload { Name = "box.jpg", Size = 3, Url = url }, "user-token", CancellationToken.None);

        Assert.That(content, Is.EqualTo(isTrusted ? "abc"u8.ToArray() : null));
        Assert.That(handler.Requests.Select(request => string.Join(" ", request.Headers)), Is.EqualTo(isTrusted ? ["[Authorization, OAuth user-token]"] : Array.Empty<string>()));
    }

    private static async Task<byte[]?> FetchAsync(HttpClient files, ChatMessagePayload file, string userToken, CancellationToken cancellationToken)
    {
        // docs/files: Fetching
        HashSet<string> trustedHosts = ["files.example"];   // those whose URLs you have seen, and which may have the token
        if (!Uri.TryCreate(file.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || !trustedHosts.Contains(url.IdnHost))
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("OAuth", userToken);   // the file's own, never the Api-Key
        using var response = await files.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(maxBufferSize: 20 * 1024 * 1024, cancellationToken);
        byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        // end
        return content;
    }

    // docs/using: A handler that knows the operation
    public sealed class Timing : DelegatingHandler
    {
        public ConcurrentQueue<(string Operation, TimeSpan Time)> Timings { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var start = TimeProvider.System.GetTimestamp();
            var response = await base.SendAsync(request, cancellationToken);
            if (request is ChatsRequest { Operation: var operation })
            {
                Timings.Enqueue((operation.Id, TimeProvider.System.GetElapsedTime(start)));
            }

            return response;
        }
    }
    // end

    private sealed class Vault
    {
        public string Key { get; set; } = "key";

        public Task<string> ReadAsync(string name, CancellationToken stopping) =>
            name == "chats-key" && !stopping.IsCancellationRequested ? Task.FromResult(Key) : throw new InvalidOperationException("There is no such secret.");
    }
}
