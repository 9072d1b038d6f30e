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
