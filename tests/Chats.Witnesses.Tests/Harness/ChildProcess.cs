using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>A program that runs beside the tests, with all that it has said so far.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int Streams = 2;

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Process _process;
    private readonly string _name;
    private int _streamsEnded;

    private ChildProcess(string name, Process process) => (_name, _process) = (name, process);

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static ChildProcess Start(string name, string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Colours would stand between the words that we wait for.
            Environment = { ["FORCE_COLOR"] = "0", ["NO_COLOR"] = "1" },
        };
        var child = new ChildProcess(name, new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Take(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Take(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line of output. It is asked once, for the line that says that the program is ready.</summary>
    public async Task<Match> LineAsync(string pattern)
    {
        using var patience = new CancellationTokenSource(Patience.Start);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                if (Regex.Match(line, pattern) is { Success: true } match)
                {
                    return match;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw Failed($"was not ready within {Patience.Start}");
        }

        throw Failed("ended before it was ready");
    }

    /// <summary>Waits for the end, which has to be a good one.</summary>
    public async Task SuccessAsync(TimeSpan bound)
    {
        try
        {
            await EndAsync(bound);
        }
        catch (TimeoutException)
        {
            throw Failed($"did not end within {bound}");
        }

        if (_process.ExitCode != 0)
        {
            throw Failed($"ended with exit code {_process.ExitCode}");
        }
    }

    public Task EndAsync(TimeSpan bound) => _process.WaitForExitAsync().WaitAsync(bound);

    /// <summary>Ends standard input, as the operating system does when the tests are killed.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        try
        {
            EndInput();
            await EndAsync(Patience.End);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await EndAsync(Patience.End);
        }
        finally
        {
            _process.Dispose();
        }
    }

    private InvalidOperationException Failed(string how) => new($"{_name} {how}. It said:\n{Output}");

    private void Take(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Increment(ref _streamsEnded) == Streams)
            {
                _lines.Writer.Complete();
            }

            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        _lines.Writer.TryWrite(line);
    }
}
