namespace YandexMarket.Chats.Cli;

/// <summary>Where the key comes from. Never from an argument: every user of the machine sees those, and histories keep them.</summary>
internal static class ApiKey
{
    public const string Variable = "CHATS_API_KEY";

    /// <exception cref="UsageException">There is no key.</exception>
    public static async Task<string> GetAsync(Shell shell, bool fromInput, CancellationToken cancellationToken)
    {
        if (!fromInput)
        {
            return NotEmpty(shell.Environment(Variable)) ?? throw new UsageException(
                $"There is no key. Set the environment variable {Variable}, or give the key as the first line of standard input with " +
                "--key-stdin. (Not as an argument: others could see it.) To try without a key: chats demo");
        }

        if (shell.InputIsTerminal)
        {
            throw new UsageException(
                $"With --key-stdin the key is piped in (chats … --key-stdin < key.txt): typed here it would be seen. Or set {Variable}.");
        }

        return NotEmpty(await Shell.ReadAsync(shell.In.ReadLine, cancellationToken))
            ?? throw new UsageException("The first line of standard input is empty, and with --key-stdin it is the key.");
    }

    private static string? NotEmpty(string? key) => string.IsNullOrEmpty(key) ? null : key;
}
