namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>The result of a run for one buyer's message: how often its reply is in the chat, and its state in the database.</summary>
internal sealed record Fate(long MessageId, bool WantsReply, int Responses, MessageState? State);

/// <summary>The rules that must hold after every crash.</summary>
internal static class History
{
    public static IEnumerable<string> Violations(IEnumerable<Fate> fates) => fates.SelectMany(Violations);

    public static string Summary(IEnumerable<Fate> fates) =>
        string.Join(", ", fates.GroupBy(fate => fate.State).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));

    /// <summary>How many messages are neither final nor waiting for a human.</summary>
    public static Task<int> CountOpenAsync(ResponderContext context) =>
        context.Messages.CountAsync(row => row.State == Received || row.State == Answering || row.State == InDoubt);

    private static IEnumerable<string> Violations(Fate fate)
    {
        if (fate.Responses > 1)
        {
            yield return $"{fate}: the buyer got it twice.";
        }

        if (fate.State is not (Sent or NoReply or NeedsAttention))
        {
            yield return $"{fate}: it {(fate.State is null ? "was lost" : "is in limbo")}.";
        }

        if (fate.State == Sent && fate.Responses == 0)
        {
            yield return $"{fate}: it says sent, and the buyer has nothing.";
        }

        // A message whose process died too often needs a human, even if there would have been no reply.
        if (fate.WantsReply ? fate.State == NoReply : fate.State == Sent || fate.Responses > 0)
        {
            yield return $"{fate}: a reply where none is wanted, or none where one is.";
        }
    }
}
