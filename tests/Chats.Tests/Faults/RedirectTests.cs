using YandexMarket.Chats.Tests.Faults.Server;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>A borrowed HttpClient that follows redirects, against the advice: the client cannot stop it, and does not call it a success.</summary>
public class RedirectTests
{
    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_that_was_followed_is_no_answer(int status)
    {
        await using var elsewhere = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync())
            {
                await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{Calls.Good}");
            }
        });
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync())
            {
                await connection.SendAsync($"HTTP/1.1 {status} A\r\nLocation: {elsewhere.Address}\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var http = new HttpClient();
        using var client = new ChatsClient(http, new ChatsClientOptions { ApiKey = Canary.Key, BaseAddress = server.Address });

        foreach (var (failure, isRead) in new[] { (await Calls.FailureOfReadAsync(client), true), (await Calls.FailureOfSendAsync(client), false) })
        {
            Assert.That(failure, Is.TypeOf<ChatsConnectionException>().With.Property("MayHaveBeenSent").EqualTo(!isRead).And.Property("IsTimeout").False);
            Assert.That(failure!.Message, Does.Contain("redirect").And.Contain("AllowAutoRedirect = false")
                .And.EndWith(isRead ? "Nothing was changed." : "The message may have been sent: look into the chat before it is sent again."));
        }

        Assert.That(elsewhere.Record.Complete, Is.EqualTo(status is 307 or 308 ? 1 : 2), "The redirects were followed.");
        Assert.That(elsewhere.Record.Texts, Is.Empty, "A text went to another address.");
        // 307 and 308 repeat the send as it is: without a text to send, its head does not leave either, nor the key in it.
        Assert.That(elsewhere.Record.Heads.Select(head => head.Split(' ')[0]), Has.None.EqualTo("POST"));
        http.Dispose();
    }
}
