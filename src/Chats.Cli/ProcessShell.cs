using System.Runtime.InteropServices;
using System.Text;

namespace YandexMarket.Chats.Cli;

/// <summary>The real process: its streams, in UTF-8 whatever the console's default is, and the signals that ask it to stop.</summary>
internal sealed class ProcessShell : IDisposable
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    public ProcessShell()
    {
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
        try
        {
            Console.OutputEncoding = _utf8;
        }
        catch (IOException)
        {
            // No console at all: then nothing has another default.
        }

        Shell = new Shell
        {
            // As strict with what is typed as with a file; but a terminal of Windows gives its letters to Console.In alone.
            In = Console.IsInputRedirected || !OperatingSystem.IsWindows() ? OpenInput(Console.OpenStandardInput()) : Console.In,
            Out = Console.Out,
            Error = Console.Error,
            Environment = Environment.GetEnvironmentVariable,
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
        };
    }

    public Shell Shell { get; }

    public CancellationToken CancellationToken => _stop.Token;

    /// <summary>
    /// Reads UTF-8 and nothing else: bytes that are none throw <see cref="DecoderFallbackException"/>, where a lenient reader would put
    /// question marks into a text for a buyer.
    /// </summary>
    public static TextReader OpenInput(Stream stream)
    {
        // With an identifier of its own the reader drops the one at the start of a file.
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        return new StreamReader(stream, strict, detectEncodingFromByteOrderMarks: false);
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }

    /// <summary>The first signal asks the command to end in good order; one more ends the process at once.</summary>
    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
