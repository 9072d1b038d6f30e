using Newtonsoft.Json;

namespace YandexMarket.Chats.Wire;

/// <summary>Writes a model as JSON. A thread keeps its writer for its next model: to make one costs more than what it writes.</summary>
internal sealed class ModelWriter : JsonTextWriter
{
    [ThreadStatic]
    private static ModelWriter? _spare;

    private readonly Utf8Writer _utf8;

    private ModelWriter(Utf8Writer utf8)
        : base(utf8)
    {
        _utf8 = utf8;
        ArrayPool = JsonCharPool.Shared;
    }

    /// <summary>The UTF-8 JSON of a model.</summary>
    public static byte[] Write(IJsonModel model)
    {
        // Out of reach while it is in use: one that has failed in the middle of a model is not used again.
        var writer = _spare ?? new ModelWriter(new Utf8Writer());
        _spare = null;
        try
        {
            model.Write(writer);
        }
        catch
        {
            writer.Close();
            throw;
        }

        _spare = writer;
        return writer._utf8.ToArrayAndClear();
    }
}
