using System.CommandLine;

namespace YandexMarket.Chats.Cli;

/// <summary>What <c>get</c> and <c>send</c> have in common: key, client, one call, and what it came to.</summary>
internal sealed class ServiceCall(Shell shell, CallOptions options, bool isSend)
{
    /// <param name="parsed">The arguments.</param>
    /// <param name="prepare">Reads whatever the call needs beside the key, given the key, and gives the call.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public async Task<int> RunAsync(
        ParseResult parsed,
        Func<string, CancellationToken, Task<Func<IChatsClient, Task<Outcome>>>> prepare,
        CancellationToken cancellationToken)
    {
        string? key = null;
        var wasCalled = false;
        Outcome outcome;
        try
        {
            key = await ApiKey.GetAsync(shell, options.IsKeyFromInput(parsed), cancellationToken);
            using var client = new ChatsClient(options.ToClientOptions(parsed, key));
            var call = await prepare(key, cancellationToken);
            wasCalled = true;
            outcome = await call(client);
        }
        catch (Exception exception)
        {
            outcome = Outcome.Of(exception, isSend, wasCalled, key);
        }

        return (int)outcome.Report(shell, options.IsJson(parsed));
    }
}
