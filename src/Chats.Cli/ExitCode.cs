namespace YandexMarket.Chats.Cli;

/// <summary>What a script learns from a command. The numbers are promised: they never change their meaning.</summary>
internal enum ExitCode
{
    Done = 0,
    Unexpected = 1,
    Usage = 2,
    NotSent = 3,
    MayHaveBeenSent = 4,
}
