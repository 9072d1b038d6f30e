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
            Assert.That(failure!.Message, Does.Contain("was redirected").And.Contain("AllowAutoRedirect = false")
                .And.EndWith(isRead ? "Nothing was changed." : "The message may have been sent: look into the chat before it is sent again."));
        }

        Assert.That(elsewhere.Record.Complete, Is.EqualTo(2), "The redirects were followed.");
        http.Dispose();
    }
}
