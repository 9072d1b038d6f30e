namespace YandexMarket.Chats.AspNetCore;

/// <summary>How a request to the endpoint ended, as the metrics name it.</summary>
internal static class Outcomes
{
    public const string Handled = "handled";
    public const string Duplicate = "duplicate";
    public const string Ping = "ping";
    public const string Ignored = "ignored";
    public const string Failed = "failed";
    public const string Malformed = "malformed";
    public const string Refused = "refused";
    public const string Aborted = "aborted";
}
