namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>One way in which a call can go wrong, and what the client must say of it.</summary>
/// <param name="Name">What happens, for the page of failures.</param>
/// <param name="Script">What the server does with each connection.</param>
/// <param name="Read">How a read ends.</param>
/// <param name="Send">How a send ends.</param>
/// <param name="MayHaveBeenSent">What the exception of the send says; that of a read always says false.</param>
/// <param name="ReadSeen">How many whole requests of the read the server gets.</param>
/// <param name="SendSeen">How many of the send.</param>
internal sealed record FaultRow(
    string Name, Func<Stage, Task> Script, Ends Read, Ends Send, bool MayHaveBeenSent, Seen ReadSeen, Seen SendSeen)
{
    public string Group { get; init; } = "";

    /// <summary>Where the client calls. By default the scripted server, in plain http.</summary>
    public Func<Scene, Uri> Address { get; init; } = scene => scene.Server.Address;

    /// <summary>The HttpClient that the client borrows. By default it has its own.</summary>
    public Func<Scene, HttpClient>? Http { get; init; }

    public Action<ChatsClientOptions, Scene> Options { get; init; } = (_, _) => { };

    public string Text { get; init; } = Canary.Text;

    /// <summary>The size of the server's receive buffer.</summary>
    public int? ReceiveBuffer { get; init; }

    /// <summary>A good call comes before, over the same client.</summary>
    public bool AfterGoodCall { get; init; }

    public override string ToString() => Name;
}
