using System.Text;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>MaxResponseBytes, to the byte, whether or not the response states its length.</summary>
public sealed class ResponseSizeTests
{
    // Around the sizes at which the reading buffer is taken, and grows.
    private static readonly int[] _sizes = [Responses.Message.Length, 4095, 4096, 4097, 65536, 65537, 200_000];

    [Test]
    public async Task A_response_that_just_fits_is_read([ValueSource(nameof(_sizes))] int size, [Values] bool statesItsLength, [Values] bool read)
    {
        using var client = Client(size, statesItsLength, max: size);

        await client.CallAsync(read);
    }

    [Test]
    public async Task One_byte_more_is_rejected([ValueSource(nameof(_sizes))] int size, [Values] bool statesItsLength, [Values] bool read)
    {
        using var client = Client(size, statesItsLength, max: size - 1);

        var exception = await Assert.ThrowsAsync<ChatsResponseException>(() => client.CallAsync(read));

        Assert.That((exception!.StatusCode, exception.MayHaveBeenSent, exception.InnerException), Is.EqualTo((200, !read, (Exception?)null)));
        Assert.That(exception.Message, Does.Contain(nameof(ChatsClientOptions.MaxResponseBytes)));
    }

    [Test]
    public async Task By_default_one_MiB_is_read_and_no_more([Values] bool statesItsLength)
    {
        using var fits = Client(1024 * 1024, statesItsLength, max: null);
        using var exceeds = Client((1024 * 1024) + 1, statesItsLength, max: null);

        await fits.CallAsync(read: true);
        await Assert.ThrowsAsync<ChatsResponseException>(() => exceeds.CallAsync(read: true));
    }

    private static ChatsClient Client(int size, bool statesItsLength, int? max)
    {
        var bytes = Encoding.UTF8.GetBytes(Responses.Message.PadRight(size));
        return Clients.Over(
            (_, _) => Task.FromResult(
                new HttpResponseMessage { Content = new StreamBody(() => new MemoryStream(bytes), statesItsLength ? size : null) }),
            options => options.MaxResponseBytes = max ?? options.MaxResponseBytes);
    }
}
