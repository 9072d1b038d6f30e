namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>How many requests came to the server whole. .NET repeats a read by itself when a connection ends without a byte.</summary>
internal readonly record struct Seen(int Least, int Most)
{
    public static implicit operator Seen(int exactly) => new(exactly, exactly);

    public static Seen Between(int least, int most) => new(least, most);

    public bool Holds(int count) => count >= Least && count <= Most;

    public override string ToString() => Least == Most ? $"{Least}" : $"{Least} to {Most}";
}
