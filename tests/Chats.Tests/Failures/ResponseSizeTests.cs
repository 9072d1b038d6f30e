using System.Net;
using System.Text;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>MaxResponseBytes, to the byte, whether or not the response states its length.</summary>
public sealed class ResponseSizeTests
{
    private const string Good = """{"status":"OK","result":{"messageId":3,"createdAt":"2025-01-16T10:09:49Z","sender":"PARTNER"}}""";
    private const string Error = """{"errors":[{"code":"CODE"}]}""";

    // Around the sizes at which the reading buffer is taken, and grows.
    private static readonly int[] _sizes = [Good.Length, 4095, 4096, 4097, 65536, 65537, 200_000];

    [Test]
    public async Task A_response_that_just_fits_is_read([ValueSource(nameof(_sizes))] int size, [Values] bool statesItsLength, [Values] bool read)
    {
        using var client = Client(HttpStatusCode.OK, Good, size, statesItsLength, max: size);

        await client.CallAsync(read);
    }

    [Test]
    public async Task One_byte_more_is_rejected([ValueSource(nameof(_sizes))] int size, [Values] bool statesItsLength, [Values] bool read)
    {
        using var client = Client(HttpStatusCode.OK, Good, size, statesItsLength, max: size - 1);

        var exception = await Assert.ThrowsAsync<ChatsResponseException>(() => client.CallAsync(read));

        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent, exception.InnerException), Is.EqualTo((200, !read, (Exception?)null)));
        Assert.That(exception.Message, Does.Contain(nameof(ChatsClientOptions.MaxResponseBytes)));
    }

    [TestCase(5000, true, 1)]
    [TestCase(5000, false, 1)]
    [TestCase(4999, true, 0)]
    [TestCase(4999, false, 0)]
    public async Task A_longer_error_keeps_its_status(int max, bool statesItsLength, int errors)
    {
        using var client = Client(HttpStatusCode.BadRequest, Error, 5000, statesItsLength, max);

        var exception = await Assert.ThrowsAsync<ChatsApiException>(() => client.CallAsync(read: false));

        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent, exception.Errors.Count), Is.EqualTo((400, false, errors)));
    }

    [Test]
    public async Task By_default_one_MiB_is_read_and_no_more([Values] bool statesItsLength)
    {
        using var fits = Client(HttpStatusCode.OK, Good, 1024 * 1024, statesItsLength, max: null);
        using var exceeds = Client(HttpStatusCode.OK, Good, (1024 * 1024) + 1, statesItsLength, max: null);

        await fits.CallAsync(read: true);
        await Assert.ThrowsAsync<ChatsResponseException>(() => exceeds.CallAsync(read: true));
    }

    private static ChatsClient Client(HttpStatusCode status, string json, int size, bool statesItsLength, int? max)
    {
        var bytes = Encoding.UTF8.GetBytes(json.PadRight(size));
        return Clients.Over(
            new StubHandler((_, _) => Task.FromResult(
                new HttpResponseMessage(status) { Content = new StreamBody(() => new MemoryStream(bytes), statesItsLength ? size : null) })),
            options => options.MaxResponseBytes = max ?? options.MaxResponseBytes);
    }
}
