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

    public static object Describe(ChatsFaults faults)
    {
        var orders = faults.Orders();
        return new
        {
            faults.Struck,
            orders.Probability,
            ByChance = orders.ByChance.Count switch { 0 => null, 1 => orders.ByChance[0].Kind.ToString(), _ => Any },
            ByChanceAfterTaking = orders.ByChance is [{ TakesMessage: true }],
            Next = Runs(orders.Next).Select(run => new
            {
                Fault = run.Order.Fault.Kind.ToString(),
                AfterTaking = run.Order.Fault.TakesMessage,
                Operation = run.Order.Operation?.ToString(),
                run.Times,
            }),
        };
    }

    /// <summary>Equal orders that follow each other, with their number.</summary>
    private static List<((ChatsFault Fault, EmulatedOperation? Operation) Order, int Times)> Runs((ChatsFault Fault, EmulatedOperation? Operation)[] orders)
    {
        var runs = new List<((ChatsFault Fault, EmulatedOperation? Operation) Order, int Times)>();
        foreach (var order in orders)
        {
            if (runs.Count > 0 && runs[^1].Order == order)
            {
                runs[^1] = (order, runs[^1].Times + 1);
            }
            else
            {
                runs.Add((order, 1));
            }
        }

        return runs;
    }
}
