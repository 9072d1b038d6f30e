using System.Text;
using Newtonsoft.Json;
using YandexMarket.Chats.Wire;

namespace YandexMarket.Chats.Tests.Reading.Differential;

/// <summary>What came of a body: a model, or the reason why there is none.</summary>
internal sealed record Reading(object? Model, string? Refusal)
{
    // Its own defaults, but that it looks at what follows the end, and takes no text for a date where none is wanted.
    private static readonly JsonSerializer _newtonsoft = JsonSerializer.Create(
        new JsonSerializerSettings { CheckAdditionalContent = true, DateParseHandling = DateParseHandling.None });

    public bool IsGood => Refusal is null;

    /// <summary>The model as Newtonsoft.Json writes it: the same text means the same values.</summary>
    public string Text { get; } = Model is null ? "" : JsonConvert.SerializeObject(Model);

    /// <summary>The generated reader, as the client calls it.</summary>
    public static Reading Ours<T>(byte[] body, Func<JsonTextReader, T> read)
        where T : class
    {
        try
        {
            using var text = new Utf8Reader(body, body.Length);
            return new Reading(JsonRead.Document(text, read), null);
        }
        catch (Exception exception) when (exception is UnreadableException or JsonReaderException or DecoderFallbackException)
        {
            return new Reading(null, exception is UnreadableException ? exception.Message : exception.GetType().Name);
        }
    }

    /// <summary>Newtonsoft.Json's own serializer, by reflection over the same class.</summary>
    public static Reading Theirs<T>(byte[] body)
        where T : class
    {
        try
        {
            using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body), Encoding.UTF8));
            return new Reading(_newtonsoft.Deserialize<T>(reader), null);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // It lets an ArgumentException of a date's offset out.
            return new Reading(null, exception.Message);
        }
    }
}
