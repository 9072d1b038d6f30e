namespace YandexMarket.Chats.Tests.Stub;

internal static class StubServer
{
    /// <summary>Starts the engine that the build chose (StubEngine in Shared.props).</summary>
    public static Task<IStubServer> StartAsync() =>
#if WIREMOCK
        WireMockStubServer.StartAsync();
#else
        KestrelStubServer.StartAsync();
#endif
}
