using System.Text.Json;

namespace YandexMarket.Chats.Emulator;

/// <summary>The page's words for faults: orders for the next calls or by chance, and what is still to come.</summary>
internal static class InboxFaults
{
    /// <summary>Any fault but those that need time, before and after taking.</summary>
    public const string Any = "Any";

    private static readonly Dictionary<string, ChatsFault> _byName = new[]
    {
        ChatsFault.ResponseLost, ChatsFault.ConnectionReset, ChatsFault.Stall, ChatsFault.SlowDrip, ChatsFault.TruncatedBody,
        ChatsFault.HtmlPage, ChatsFault.Garbage, ChatsFault.InternalServerError, ChatsFault.ServiceUnavailable, ChatsFault.ErrorEnvelope,
        ChatsFault.MissingStatus,
    }.ToDictionary(fault => fault.Kind.ToString(), StringComparer.Ordinal);

    /// <summary>Finds a fault by its name; null if there is none of this name, or not before taking.</summary>
    public static IReadOnlyList<ChatsFault>? Find(string? name, bool afterTaking) =>
        name == Any ? ChatsFault.All
        : name is null || _byName.GetValueOrDefault(name) is not { } fault ? null
        : afterTaking ? [fault.AfterTaking()]
        : fault.Kind == ChatsFaultKind.SlowDrip ? null
        : [fault.BeforeTaking()];

    public static void Write(Utf8JsonWriter json, ChatsFaults faults)
    {
        var orders = faults.Orders();
        json.WriteStartObject("faults"u8);
        json.WriteNumber("struck"u8, faults.Struck);
        json.WriteNumber("probability"u8, orders.Probability);
        json.WriteString("byChance"u8, orders.ByChance.Count switch { 0 => null, 1 => orders.ByChance[0].Kind.ToString(), _ => Any });
        json.WriteBoolean("byChanceAfterTaking"u8, orders.ByChance is [{ TakesMessage: true }]);
        json.WriteStartArray("next"u8);
        for (var first = 0; first < orders.Next.Length;)
        {
            var end = first + 1;
            while (end < orders.Next.Length && orders.Next[end] == orders.Next[first])
            {
                end++;
            }

            var (fault, operation) = orders.Next[first];
            json.WriteStartObject();
            json.WriteString("fault"u8, fault.Kind.ToString());
            json.WriteBoolean("afterTaking"u8, fault.TakesMessage);
            json.WriteString("operation"u8, operation?.ToString());
            json.WriteNumber("times"u8, end - first);
            json.WriteEndObject();
            first = end;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
