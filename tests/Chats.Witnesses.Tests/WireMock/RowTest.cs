using YandexMarket.Chats.Witnesses.Tests.Harness;

namespace YandexMarket.Chats.Witnesses.Tests.WireMock;

/// <summary>What the tests against a row of the page have in common.</summary>
internal static class RowTest
{
    public static async Task<Exception?> FailureOfAsync(Task call)
    {
        try
        {
            await call.WaitAsync(Patience.Call);
            return null;
        }
        catch (ChatsException failure)
        {
            return failure;
        }
    }

    public static async Task AssertAsync(string name, ChatsOperation operation, Exception? failure, StubbedBusiness business)
    {
        var row = FailureRow.Of(name);
        var (least, most) = operation.IsRead ? row.ReadSeen : row.SendSeen;
        var seen = await business.SeenAsync(operation);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(FailureRow.Notation(failure), Is.EqualTo(operation.IsRead ? row.Read : row.Send));
            Assert.That(seen, Is.InRange(least, most), "Requests in WireMock's journal.");
            if (failure is ChatsException { MayHaveBeenSent: var mayHaveBeenSent })
            {
                Assert.That(mayHaveBeenSent ? "yes" : "no", Is.EqualTo(operation.IsRead ? "no" : row.MayHaveBeenSent));
            }
        }
    }
}
