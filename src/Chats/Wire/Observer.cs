namespace YandexMarket.Chats.Wire;

internal static class Observer
{
    /// <summary>An observer must not change how a call ends, so its exceptions are ignored.</summary>
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
