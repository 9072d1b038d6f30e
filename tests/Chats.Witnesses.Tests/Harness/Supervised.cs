namespace YandexMarket.Chats.Witnesses.Tests.Harness;

/// <summary>Starts a program that ends with the tests, even if they are killed.</summary>
internal static class Supervised
{
    private static readonly string _supervisor = Path.Combine(NpmFolder.Folder, "supervise.js");

    public static ChildProcess Start(string name, string folder, string program, params IEnumerable<string> arguments) =>
        ChildProcess.Start(name, folder, Machine.Find("node")!, [_supervisor, program, .. arguments]);
}
