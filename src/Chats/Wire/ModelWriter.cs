using System.Buffers;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Writes a model as JSON.</summary>
internal static class ModelWriter
{
    /// <summary>The UTF-8 JSON of a model.</summary>
    public static byte[] Write(IJsonModel model)
    {
        using var utf8 = new Utf8Writer();
        using var json = new JsonTextWriter(utf8) { ArrayPool = JsonCharPool.Shared, AutoCompleteOnClose = false };
        model.Write(json);
        return utf8.ToArray();
    }
}

/// <summary>A model of the contract that can write itself.</summary>
internal interface IJsonModel
{
    void Write(JsonTextWriter writer);
}

/// <summary>Lets Newtonsoft.Json use ArrayPool's shared buffers.</summary>
internal sealed class JsonCharPool : IArrayPool<char>
{
    public static readonly JsonCharPool Shared = new();

    // As in ResponseBody, so that a typical response is decoded straight into the reader's buffer, which never grows.
    private const int TypicalResponseBytes = 16 * 1024;

    public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(Math.Max(minimumLength, TypicalResponseBytes));

    public void Return(char[]? array)
    {
        if (array is not null)
        {
            ArrayPool<char>.Shared.Return(array);
        }
    }
}
