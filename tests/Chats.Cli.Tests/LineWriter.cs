using System.Text;
using System.Threading.Channels;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Hands on each line as soon as it is written.</summary>
internal sealed class LineWriter : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        _line.Append(value);
        if (value == '\n')
        {
            _lines.Writer.TryWrite(_line.ToString().TrimEnd('\r', '\n'));
            _line.Clear();
        }
    }

    public Task<string> ReadAsync() => _lines.Reader.ReadAsync().AsTask();

    /// <summary>What was written and not yet read.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = new List<string>();
        while (_lines.Reader.TryRead(out var line))
        {
            rest.Add(line);
        }

        return rest;
    }
}
