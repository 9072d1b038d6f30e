namespace YandexMarket.Chats.Hosting.Tests;

/// <summary>Retries after faults of real sockets, with the primary handler of the registration.</summary>
internal sealed class SocketFaultTests
{
    private static IEnumerable<ChatsFault> Faults =>
        [ChatsFault.ResponseLost, ChatsFault.ConnectionReset, ChatsFault.Garbage, ChatsFault.TruncatedBody];

    [TestCaseSource(nameof(Faults))]
    public async Task A_read_is_retried_and_a_send_that_may_have_been_accepted_is_not(ChatsFault fault)
    {
        await using var emulator = await ChatsEmulator.StartAsync();
        emulator.AddKey("key", ChatsScopes.Communication);
        var id = emulator.AddBusiness(1).AddChat(2).Receive("text").Id;
        await using var provider = Container.Build(services =>
            services.AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", emulator.BaseAddress)));
        var client = provider.Client();

        emulator.Faults.Next(ChatsFault.ConnectionReset);
        var message = await client.GetChatMessageAsync(1, 2, id);
        emulator.Faults.Next(fault);
        var thrown = await Assert.ThrowsAsync<ChatsConnectionException>(() => client.SendMessageToChatAsync(1, 2, "text"));

        Assert.That((message.Message, thrown!.MayHaveBeenSent, emulator.Requests.Count()), Is.EqualTo(("text", true, 3)));
    }

    [Test]
    public async Task The_rejection_of_one_attempt_does_not_let_the_text_of_another_be_sent_again()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadHeadAsync();
            if (connection.Number == 1)
            {
                await connection.SendAsync(RawServer.Json("{}", "401 A"));
                return;
            }

            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.ReadRequestAsync();
            if (connection.Number == 2)
            {
                connection.Reset();
                return;
            }

            await connection.SendAsync(RawServer.Json("""{"status":"OK"}"""));
        });
        await using var provider = Container.Build(services => services
            .AddChatsClient(options => (options.ApiKey, options.BaseAddress) = ("key", server.Address))
            .ConfigureHttpClient(http => http.DefaultRequestHeaders.ExpectContinue = true)
            .AddBehind(async (request, next, _) =>
            {
                (await next(request)).Dispose();
                try
                {
                    return await next(request);
                }
                catch (HttpRequestException)
                {
                    return StubHandler.Response(request, 429);
                }
            }));

        // .NET sends a shorter one even after a rejection of its headers.
        var thrown = await Assert.ThrowsAsync<ChatsRateLimitException>(() => provider.Client().SendMessageToChatAsync(1, 2, new string('t', 2000)));

        Assert.That((thrown!.MayHaveBeenSent, server.Record.Texts.Count), Is.EqualTo((true, 1)));
    }
}
