using System.Buffers;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Gives Newtonsoft.Json the process's shared buffers.</summary>
internal sealed class JsonCharPool : IArrayPool<char>
{
    public static readonly JsonCharPool Shared = new();

    // As in ResponseBody: an ordinary response is decoded straight into the reader's buffer, which never has to grow.
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
