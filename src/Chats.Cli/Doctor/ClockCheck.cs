using System.Globalization;

namespace YandexMarket.Chats.Cli;

/// <summary>This machine's clock against the Date of the service's response.</summary>
internal static class ClockCheck
{
    /// <summary>As much as the responder's proof of a send allows.</summary>
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(5);

    public static Task<CheckResult> RunAsync(Examination examination, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        return Task.FromResult(Compare(examination.Times.Service, examination.Times.Before, examination.Times.After));
    }

    private static CheckResult Compare(DateTimeOffset? service, DateTimeOffset before, DateTimeOffset after)
    {
        if (service is not { } date)
        {
            return CheckResult.Skipped("The response has no Date.");
        }

        // A Date has whole seconds, and was written at some time between the request and the response.
        var ahead = before - date - TimeSpan.FromSeconds(1);
        var behind = date - after;
        return ahead > _tolerance ? Wrong(ahead, "ahead of")
            : behind > _tolerance ? Wrong(behind, "behind")
            : CheckResult.Ok("This machine's clock agrees with the service's.");
    }

    private static CheckResult Wrong(TimeSpan skew, string direction) => CheckResult.Failed(
        string.Create(CultureInfo.InvariantCulture, $"This machine's clock is {skew.TotalSeconds:0} s {direction} the service's."),
        "Let the machine synchronise its clock (NTP): certificates, waits for quotas and the responder's proofs depend on it.");
}
