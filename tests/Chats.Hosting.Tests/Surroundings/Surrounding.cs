namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

/// <summary>Something of the application or the platform around a registered client, and how a call ends in it.</summary>
/// <param name="Group">Of the page.</param>
/// <param name="Name">What it is.</param>
/// <param name="Arrange">Puts it in place.</param>
/// <param name="Read">How a read ends, as <see cref="Play.How"/> says it.</param>
/// <param name="Send">How a send ends.</param>
internal sealed record Surrounding(string Group, string Name, Action<Play> Arrange, string Read, string Send)
{
    public override string ToString() => $"{Group}: {Name}";
}
