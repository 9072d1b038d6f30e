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

internal static class ExitCodes
{
    /// <summary>For the help of the commands.</summary>
    public const string Help = """
        Exit codes:
          0  done
          1  something unexpected, or a step of the demo did not come out as it should; no message was sent
          2  wrong use: an option, the key or the text; no message was sent
          3  refused or failed, and certainly not sent: it may be sent again
          4  may have been sent: look into the chat before it is sent again
        """;
}
