using YandexMarket.Chats.Emulator;
using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.PrismProxy;

/// <summary>A way to make the service answer with a status, and the call that does.</summary>
internal sealed record Provocation(ChatsOperation Operation, int Status, string Name, Func<Conversation, Task> CallAsync)
{
    // The largest number that Prism can count to: an int64 above it is a violation to it, whatever the contract says.
    private const long Absent = (1L << 53) - 1;

    private static readonly TimeSpan _stall = TimeSpan.FromSeconds(10);

    /// <summary>All but 400: the client makes no request that would get it.</summary>
    public static IReadOnlyList<Provocation> All { get; } = [.. ChatsOperations.All.SelectMany(Of)];

    public override string ToString() => $"{Operation.Id}, {Status}, {Name}";

    private static IEnumerable<Provocation> Of(ChatsOperation operation)
    {
        yield return new(operation, 200, "carried out", it => it.CallAsync(operation));
        yield return new(operation, 401, "a dead key", it => it.CallAsync(operation, Keys.Dead));
        yield return new(operation, 403, "a key for something else", it => it.CallAsync(operation, Keys.Neither));
        yield return new(operation, 403, "a business of others", it => it.CallAsync(operation, businessId: Absent));
        yield return new(operation, 404, "no such chat", it => it.CallAsync(operation, chatId: Absent));
        yield return new(operation, 420, "the quota of the hour is used up", it =>
        {
            it.Business.UseQuota(Emulated(operation), operation.QuotaPerHour);
            return it.CallAsync(operation);
        });
        yield return new(operation, 420, "too many at once", it => TooManyAtOnceAsync(it, operation));
        yield return new(operation, 500, "an error inside", it => StruckAsync(it, operation, ChatsFault.InternalServerError));
        yield return operation.IsRead
            ? new(operation, 404, "no such message", it => it.CallAsync(operation, messageId: Absent))
            : new(operation, 403, "a key that only reads", it => it.CallAsync(operation, Keys.Reads));
        if (!operation.IsRead)
        {
            yield return new(operation, 500, "an error after the message was taken", it =>
                StruckAsync(it, operation, ChatsFault.InternalServerError.AfterDelivery()));
        }
    }

    private static Task StruckAsync(Conversation conversation, ChatsOperation operation, ChatsFault fault)
    {
        ProxyWitness.Emulator.Faults.Next(fault);
        return conversation.CallAsync(operation);
    }

    /// <summary>Four calls stand still inside the service while the fifth is refused; then they end well.</summary>
    private static async Task TooManyAtOnceAsync(Conversation conversation, ChatsOperation operation)
    {
        ProxyWitness.Emulator.Faults.Next(ChatsFault.Stall.AfterDelivery().For(_stall), times: 4);
        var stalled = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => conversation.CallAsync(operation)));
        await Patience.UntilAsync(() => conversation.Business.CallsUnderWay == 4);
        try
        {
            await conversation.CallAsync(operation);
        }
        finally
        {
            await Patience.UntilAsync(() =>
            {
                if (ProxyWitness.Clock.NextDue is not null)
                {
                    ProxyWitness.Clock.Advance(_stall);
                }

                return stalled.IsCompleted;
            });
            await stalled;
        }
    }

    private static EmulatedOperation Emulated(ChatsOperation operation) =>
        operation.IsRead ? EmulatedOperation.GetChatMessage : EmulatedOperation.SendMessageToChat;
}
