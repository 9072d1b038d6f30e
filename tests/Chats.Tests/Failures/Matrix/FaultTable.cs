namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>
/// The fault matrix: everything that can happen to a call between the client and the service, and what the client says then. The
/// page docs/failures.md is printed from here.
/// </summary>
internal static partial class FaultTable
{
    // What the exception of a send says.
    private const bool Not = false;
    private const bool Maybe = true;

    private const string BadRequest =
        $$"""{"status":"ERROR","errors":[{"code":"BAD_REQUEST","message":"rejected value: {{Canary.Text}}, {{Canary.Key}}"}]}""";

    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        .. Group("Before connecting", Connecting()),
        .. Group("While the request is sent", Sending()),
        .. Group("Timeouts", Deadlines()),
        .. Group("Truncated responses", Cuts()),
        .. Group("Malformed responses", Forms()),
        .. Group("Statuses", Statuses()),
        .. Group("Error statuses with an unexpected body", ErrorBodies()),
        .. Group("Success statuses with an unexpected body", GoodBodies()),
        .. Group("Reused connections", Reuse()),
    ];

    private static IEnumerable<FaultRow> Group(string name, IEnumerable<FaultRow> rows) => rows.Select(row => row with { Group = name });

    /// <summary>A row in which read and send end alike, and reach the server equally often.</summary>
    private static FaultRow Row(string name, Ends ends, bool maybe, Seen seen, params Step[] steps) => new(name, steps, ends, ends, maybe, seen, seen);

    /// <summary>After the request nothing comes, or no whole response.</summary>
    private static FaultRow Cut(string name, params Step[] steps) => Row(name, Ends.Lost, Maybe, 1, [Take, .. steps]);

    /// <summary>A whole response, however strange. Where a send ends with an exception at all, the message may have been sent.</summary>
    private static FaultRow Odd(string name, Ends ends, params Step[] steps) => Row(name, ends, ends.Exception is not null, 1, [Take, .. steps]);

    private static FaultRow Status(int status, bool maybe, string what, Step respond, string codes = "") =>
        Row($"{status} {what}".Trim(), Ends.Status(status, codes), maybe, 1, Take, respond);

    private static Task<bool> Take(Stage stage) => stage.Client.ReadRequestAsync();

    private static Task<bool> TakeHead(Stage stage) => stage.Client.ReadHeadAsync();

    private static Step TakeBytes(int count) => stage => stage.Client.TakeAsync(count);

    private static Step Send(string text) => stage => stage.Client.SendAsync(text);

    private static Step Head(int status, params string[] headers) => stage => stage.HeadAsync(status, headers);

    private static Step Respond(int status, string body, params string[] headers) => stage => stage.RespondAsync(status, body, headers);

    private static Task Good(Stage stage) => stage.RespondAsync(200, stage.Good);

    private static Task Secured(Stage stage) => stage.Client.SecureAsync(SelfSigned.Certificate);

    private static Task HeadersArrived(Stage stage) => stage.Scene.HeadersArrived;

    private static Task TimeIsOver(Stage stage) => stage.Scene.TimeIsOverAsync();

    /// <summary>Silence until the client has gone.</summary>
    private static Task Hold(Stage stage) => stage.Client.HoldAsync();

    private static Task Reset(Stage stage)
    {
        stage.Client.Reset();
        return Task.CompletedTask;
    }
}
