namespace YandexMarket.Chats.Cli;

/// <summary>The exit codes, for scripts. Their meaning never changes.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Unexpected = 1;
    public const int Usage = 2;
    public const int NotSent = 3;
    public const int MayHaveBeenSent = 4;

    /// <summary>For the help of the commands.</summary>
    public const string Help = """
        Exit codes:
          0  success
          1  unexpected error, or a step of the demo failed; no message was sent
          2  usage error: an option, the key or the text; no message was sent
          3  rejected or failed, and certainly not sent: it can be sent again
          4  may have been sent: look into the chat before you send it again
        """;
}
