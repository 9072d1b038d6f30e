using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace YandexMarket.Chats.Cli;

/// <summary>What a command came to: for a person, for a script, and as an exit code.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Text">For a person: on standard output if it is done, on standard error if not.</param>
/// <param name="Json">For a script, on standard output in any case.</param>
internal sealed partial record Outcome(ExitCode Code, string Text, JObject Json)
{
    /// <summary>Prints it and gives the exit code.</summary>
    /// <param name="shell">Where to print.</param>
    /// <param name="asJson">Whether for a script.</param>
    /// <returns><see cref="Code"/>, unless the output was the command's whole work and could not be written.</returns>
    public ExitCode Report(Shell shell, bool asJson)
    {
        try
        {
            if (asJson)
            {
                Json.AddFirst(new JProperty("exitCode", (int)Code));
                shell.Out.WriteLine(Json.ToString(Formatting.Indented));
            }
            else
            {
                (Code == ExitCode.Done ? shell.Out : shell.Error).WriteLine(Text);
            }

            return Code;
        }
        catch (IOException)
        {
            // A full disk does not unsend a message.
            return Json.ContainsKey("sent") || Code != ExitCode.Done ? Code : ExitCode.Unexpected;
        }
    }
}
