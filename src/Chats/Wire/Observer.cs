namespace YandexMarket.Chats.Wire;

/// <summary>Calls code of the application that must not change how a call ends.</summary>
internal static class Observer
{
    /// <summary>Its exceptions are ignored.</summary>
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

    /// <summary>Disposes what may be the application's, or contain it.</summary>
    public static void Dispose(IDisposable? foreign) => Notify(static foreign => foreign?.Dispose(), foreign);
}
