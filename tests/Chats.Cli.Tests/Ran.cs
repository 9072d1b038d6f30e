using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>What a run of the tool came to.</summary>
internal sealed record Ran(int ExitCode, string Out, string Error)
{
    public JObject Json => JObject.Parse(Out);

    public string All => Out + Error;
}
