using System.Net;
using System.Net.Sockets;

namespace YandexMarket.Chats.Emulator.Load;

/// <summary>
/// One keep-alive connection that makes the same calls in turns, as bare bytes: what it costs is next to nothing, so that the figures are the
/// emulator's. It keeps nothing of an answer.
/// </summary>
internal sealed class Connection(IPEndPoint address, byte[][] requests) : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _answer = new byte[8192];

    public async Task ConnectAsync() => await _socket.ConnectAsync(address);

    /// <summary>Makes all the calls, so many times.</summary>
    /// <exception cref="InvalidDataException">An answer was not the good one.</exception>
    public async Task CallAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var request in requests)
            {
                if (await _socket.SendAsync(request) != request.Length)
                {
                    throw new InvalidDataException("A request did not go out whole.");
                }

                await ReceiveAsync();
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask ReceiveAsync()
    {
        for (var (received, whole) = (0, -1); received != whole;)
        {
            var read = await _socket.ReceiveAsync(_answer.AsMemory(received));
            received += read;
            whole = whole < 0 ? LengthOf(_answer.AsSpan(0, received)) : whole;
            if (read == 0 || (whole >= 0 && received > whole))
            {
                throw new InvalidDataException("An answer was cut short or ran over.");
            }
        }
    }

    /// <summary>The length of the whole answer, or -1 if its head is not all here.</summary>
    private static int LengthOf(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return -1;
        }

        if (!answer.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidDataException($"The answer is no 200 but {System.Text.Encoding.Latin1.GetString(answer)}");
        }

        var name = "\r\nContent-Length: "u8;
        var digits = answer[(answer.IndexOf(name) + name.Length)..head];
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out int length, out _)
            ? head + 4 + length
            : throw new InvalidDataException("The answer has no length.");
    }
}
