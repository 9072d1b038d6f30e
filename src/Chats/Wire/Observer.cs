namespace YandexMarket.Chats.Wire;

internal static class Observer
{
    /// <summary>Nothing that observes a call may change how it ends, so its exceptions are dropped.</summary>
    public static void Notify(Action observe) => Notify(static observe => observe(), observe);

    /// <summary>Without a closure.</summary>
    public static void Notify<T>(Action<T> observe, T value)
    {
        try
        {
            observe(value);
        }
        catch (Exception)
        {
        }
    }
}
