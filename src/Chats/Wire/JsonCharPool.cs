using System.Buffers;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Lends Newtonsoft.Json the process's shared buffers.</summary>
internal sealed class JsonCharPool : IArrayPool<char>
{
    public static readonly JsonCharPool Shared = new();

    public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(minimumLength);

    public void Return(char[]? array)
    {
        if (array is not null)
        {
            ArrayPool<char>.Shared.Return(array);
        }
    }
}
