namespace YandexMarket.Chats.Wire;

internal static class Observer
{
    /// <summary>Nothing that observes a call may change how it ends, so its exceptions are dropped.</summary>
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
