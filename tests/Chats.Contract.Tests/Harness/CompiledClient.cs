using System.Runtime.Loader;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A client that was compiled from a changed contract. It is used through `dynamic`: its types are not those of the real one.</summary>
internal sealed class CompiledClient(IReadOnlyList<string> complaints, byte[] image, byte[] docs)
{
    // Held here: a collectible context that nobody holds cannot load anything more.
    private readonly AssemblyLoadContext _context = new("changed contract", isCollectible: true);
    private Assembly? _assembly;

    /// <summary>The errors, and the warnings that the build makes errors.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public Assembly Assembly => _assembly ??= Load();

    public MetadataReference Reference => MetadataReference.CreateFromImage(image);

    public Type Type(string name) => Assembly.GetType("YandexMarket.Chats." + name, throwOnError: true)!;

    public dynamic Operation(string name) => Type("ChatsOperations").GetProperty(name)!.GetValue(null)!;

    /// <summary>The documentation of a member of the interface, with single spaces.</summary>
    public string DocumentationOf(string method)
    {
        var prefix = $"M:YandexMarket.Chats.IChatsClient.{method}(";
        var member = XDocument.Load(new MemoryStream(docs)).Descendants("member")
            .Single(item => item.Attribute("name")!.Value.StartsWith(prefix, StringComparison.Ordinal));
        return string.Join(' ', member.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A client whose every request gets the same response.</summary>
    public ConnectedClient Connect(string response, IReadOnlyCollection<string>? grantedScopes = null)
    {
        dynamic options = Activator.CreateInstance(Type("ChatsClientOptions"))!;
        options.ApiKey = "key";
        options.GrantedScopes = grantedScopes;
        var stub = new StubHandler(response);
        object?[] arguments = [new HttpClient(stub), options, null];
        return new ConnectedClient(Activator.CreateInstance(Type("ChatsClient"), arguments)!, stub);
    }

    /// <summary>Loads what was compiled against this client, beside it.</summary>
    public Assembly LoadBeside(byte[] user)
    {
        Assert.That(Assembly, Is.Not.Null, "It is there first, so that the other finds it and not the real one.");
        return _context.LoadFromStream(new MemoryStream(user));
    }

    private Assembly Load()
    {
        Assert.That(complaints, Is.Empty, "The generated client does not compile.");
        return _context.LoadFromStream(new MemoryStream(image));
    }
}

/// <summary>A client of a changed contract in front of a stub.</summary>
internal sealed class ConnectedClient(dynamic client, StubHandler stub)
{
    /// <summary>The client itself, for operations and arguments that the real contract does not have.</summary>
    public dynamic Client => client;

    public IReadOnlyList<StubHandler.Request> Requests => stub.Requests;

    public async Task<dynamic> ReadAsync() => await client.GetChatMessageAsync(1L, 2L, 3L);

    public async Task SendAsync(string text = "text") => await client.SendMessageToChatAsync(1L, 2L, text);
}
