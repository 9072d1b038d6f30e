namespace YandexMarket.Chats.Responder.Tests.Kill;

/// <summary>The result of a run for one buyer's message: how often its reply is in the chat, and its state in the database.</summary>
internal sealed record Fate(long MessageId, bool WantsReply, int Responses, MessageState? State);

/// <summary>The rules that must hold after every crash.</summary>
internal static class History
{
    public static IEnumerable<string> Violations(IEnumerable<Fate> fates) => fates.SelectMany(Violations);

    private static IEnumerable<string> Violations(Fate fate)
    {
        if (fate.Responses > 1)
        {
            yield return $"{fate}: the buyer got it twice.";
        }

        if (fate.State is null)
        {
            yield return $"{fate}: it was lost.";
        }
        else if (fate.State is not (MessageState.Sent or MessageState.NoReply or MessageState.NeedsAttention))
        {
            yield return $"{fate}: it is in limbo.";
        }

        if (fate.State == MessageState.Sent && fate.Responses == 0)
        {
            yield return $"{fate}: it says sent, and the buyer has nothing.";
        }

        // A message whose process died too often needs a human, even if there would have been no reply.
        if (fate.WantsReply ? fate.State == MessageState.NoReply : fate.State == MessageState.Sent || fate.Responses > 0)
        {
            yield return $"{fate}: a reply where none is wanted, or none where one is.";
        }
    }
}
