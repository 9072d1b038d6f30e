namespace YandexMarket.Chats.Wire;

internal static class Observer
{
    /// <summary>Nothing that observes a call may change how it ends: what it throws is dropped. The response is here, and its text may have been taken.</summary>
    public static void Notify(Action observe)
    {
        try
        {
            observe();
        }
        catch (Exception)
        {
        }
    }
}
