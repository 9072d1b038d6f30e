namespace YandexMarket.Chats.Tests.Failures.Matrix;

internal static partial class FaultTable
{
    private static readonly ClosedPort _nobody = new();

    private static IEnumerable<FaultRow> Connecting() =>
    [
        Row("the key's provider does not come back", Ends.TimedOut, Not, 0, Nothing) with
        {
            Options = (options, scene) =>
            {
                options.ApiKey = null;
                options.ApiKeyProvider = async ignored =>
                {
                    _ = scene.TimeIsOverAsync();
                    await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
                    return Canary.Key;
                };
            },
        },
        Row("the name of the host is not found", Ends.Lost, Not, 0, Nothing) with { Address = _ => new Uri("https://chats.invalid/v2/") },
        Row("the connection is refused", Ends.Lost, Not, 0, Nothing) with { Address = _ => _nobody.Address },
        Row("the time is over while it connects", Ends.TimedOut, Not, 0, Nothing) with { Http = Scene.NeverConnecting },
        Row("the proxy refuses to connect", Ends.Lost, Not, 0, async stage =>
        {
            await stage.Client.ReadHeadAsync();
            await stage.HeadAsync(502, "Content-Length: 0");
        }) with { Http = Scene.Proxied, Address = _ => new Uri("https://chats.invalid/v2/") },
        Row("TLS to a port that speaks plain HTTP", Ends.Lost, Not, 0, async stage =>
        {
            await stage.Client.TakeAsync(20);
            await stage.RespondAsync(400, Canary.Echo);
            stage.Client.Reset();
        }) with { Address = Secure },
        Row("TLS with a certificate that is not trusted", Ends.Lost, Not, 0, stage => stage.Client.SecureAsync(SelfSigned.Certificate)) with { Address = Secure },
        Row("TLS, and the time is over in the handshake", Ends.TimedOut, Not, 0, async stage =>
        {
            await stage.Client.TakeAsync(20);
            await stage.Scene.TimeIsOverAsync();
            // .NET goes on with the handshake for five seconds more, for other requests.
            stage.Client.Reset();
        }) with { Address = Secure },
        Row("TLS, and an alert in place of the handshake", Ends.Lost, Not, 0, async stage =>
        {
            await stage.Client.TakeAsync(20);
            await stage.Client.SendAsync(new byte[] { 0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28 });
        }) with { Address = Secure },
        Row("TLS, and closed in the handshake", Ends.Lost, Not, 0, stage => stage.Client.TakeAsync(20)) with { Address = Secure },
        Row("TLS, and reset in the handshake", Ends.Lost, Not, 0, stage => Reset(stage, () => stage.Client.TakeAsync(20))) with { Address = Secure },
    ];

    private static Task Nothing(Stage stage) => Task.CompletedTask;

    private static Uri Secure(Scene scene) => scene.Server.SecureAddress;
}
