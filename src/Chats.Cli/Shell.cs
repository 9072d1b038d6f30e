using System.Net;
using System.Text;

namespace YandexMarket.Chats.Cli;

/// <summary>Everything outside the tool that a command uses, so that a test can replace it.</summary>
internal sealed class Shell
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required Func<string, string?> Environment { get; init; }

    /// <summary>The key once it has been read, to keep it out of the output.</summary>
    public string? Key { get; set; }

    /// <summary>Whether the client was asked to send a message: before that, whatever goes wrong, nothing was sent.</summary>
    public bool IsSending { get; set; }

    /// <summary>Whether a person types the input.</summary>
    public bool InputIsTerminal { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The proxy of the environment or of the system, which the client uses too.</summary>
    public IWebProxy Proxy { get => field ?? HttpClient.DefaultProxy; init; }

    /// <summary>The streams of this process, in UTF-8 whatever the console's default is.</summary>
    public static Shell OfProcess()
    {
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (IOException)
        {
            // There is no console, so no other encoding is in the way.
        }

        return new Shell
        {
            // On Windows, what is typed can be read from Console.In only.
            In = Console.IsInputRedirected || !OperatingSystem.IsWindows() ? OpenInput(Console.OpenStandardInput()) : Console.In,
            Out = Console.Out,
            Error = Console.Error,
            Environment = System.Environment.GetEnvironmentVariable,
            InputIsTerminal = !Console.IsInputRedirected,
        };
    }

    /// <summary>Reads UTF-8 and throws on other bytes: a lenient reader would put replacement characters into a text for a buyer.</summary>
    public static TextReader OpenInput(Stream stream)
    {
        // An encoding with a preamble makes the reader skip the byte order mark at the start of a file.
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        return new StreamReader(stream, strict, detectEncodingFromByteOrderMarks: false);
    }

    /// <summary>Writes a line for a person. A standard error that is closed or full changes nothing else.</summary>
    public void Warn(string line)
    {
        try
        {
            Error.WriteLine(line);
        }
        catch (Exception)
        {
            // .NET has another exception for each error of the system.
        }
    }

    /// <summary>Reads input on another thread, since reading cannot be canceled, and says what it waits for: a pipe can stay open forever.</summary>
    public async Task<T> ReadAsync<T>(Func<T> read, string wanted, CancellationToken cancellationToken)
    {
        using var hint = InputIsTerminal ? null : Clock.CreateTimer(
            _ => Warn($"chats: waiting for {wanted}."), state: null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        return await Task.Run(read, CancellationToken.None).WaitAsync(cancellationToken);
    }
}
