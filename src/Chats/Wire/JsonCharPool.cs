using System.Buffers;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Lets Newtonsoft.Json use ArrayPool's shared buffers.</summary>
internal sealed class JsonCharPool : IArrayPool<char>
{
    public static readonly JsonCharPool Shared = new();

    // As in ResponseBody, so that an ordinary response is decoded straight into the reader's buffer, which never grows.
    private const int OrdinaryResponse = 16 * 1024;

    public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(Math.Max(minimumLength, OrdinaryResponse));

    public void Return(char[]? array)
    {
        if (array is not null)
        {
            ArrayPool<char>.Shared.Return(array);
        }
    }
}
