using System.Text;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>Takes no character.</summary>
internal sealed class FullDisk : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("No space left on device");
}
