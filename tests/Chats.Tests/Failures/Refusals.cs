namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The statuses that prove a refusal, written out from the rule one by one, so that a wrong range in the code cannot be a wrong range
/// here.</summary>
internal static class Refusals
{
    public static HashSet<int> Statuses { get; } =
        [400, 401, 402, 403, 404, 405, 406, 410, 411, 413, 414, 415, 417, 420, 421, 422, 423, 424, 426, 428, 429, 431, 451];
}
