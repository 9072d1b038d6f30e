namespace YandexMarket.Chats.Hosting;

/// <summary>The HttpClient of a chat client that lives as long as the application.</summary>
internal static class RenewedHttpClient
{
#if NET
    /// <summary>One for ever: its primary handler renews the connections.</summary>
    public static Func<HttpClient> Of(Func<HttpClient> create, TimeProvider clock)
    {
        _ = clock;
        var client = create();
        return () => client;
    }
#else
    private static readonly TimeSpan _handlerLifetime = TimeSpan.FromMinutes(2);

    private sealed record Generation(HttpClient Client, long Since);

    /// <summary>A call must not fail because a new handler cannot be created: the last client still works.</summary>
    private static HttpClient CreateOr(HttpClient last, Func<HttpClient> create)
    {
        try
        {
            return create();
        }
        catch (Exception)
        {
            return last;
        }
    }

    /// <summary>A new one every two minutes: HttpClientHandler never renews its connections, but the factory renews the handler.</summary>
    public static Func<HttpClient> Of(Func<HttpClient> create, TimeProvider clock)
    {
        var current = new Generation(create(), clock.GetTimestamp());
        return () =>
        {
            var generation = Volatile.Read(ref current);
            if (clock.GetElapsedTime(generation.Since) >= _handlerLifetime)
            {
                generation = new Generation(CreateOr(generation.Client, create), clock.GetTimestamp());
                Volatile.Write(ref current, generation);
            }

            return generation.Client;
        };
    }
#endif
}
