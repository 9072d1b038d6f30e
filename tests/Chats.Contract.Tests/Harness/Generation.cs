using System.Text;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>What a run of the generator gave.</summary>
internal sealed class Generation(int exitCode, string output, byte[]? bytes)
{
    public int ExitCode => exitCode;

    /// <summary>What the generator said.</summary>
    public string Output => output;

    public byte[] Bytes => bytes ?? throw new InvalidOperationException($"The generator ended with {exitCode} and wrote nothing: {output}");

    public string Source => Encoding.UTF8.GetString(Bytes);

    /// <summary>What the person who changed the contract gets to read, be it the generator or the compiler that stops. Empty if neither does.</summary>
    public IReadOnlyList<string> Complaints() => bytes is null ? [output] : Compiler.Compile(Source).Complaints;
}
