using System.Reflection;
using System.Runtime.Loader;
using System.Xml.Linq;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>A client that was compiled from a changed contract. It is used through `dynamic`: its types are not those of the real one.</summary>
internal sealed class CompiledClient(IReadOnlyList<string> complaints, byte[] image, byte[] docs)
{
    private Assembly? _assembly;

    /// <summary>The errors, and the warnings that the build makes errors.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public Assembly Assembly => _assembly ??= Load();

    public Type Type(string name) => Assembly.GetType("YandexMarket.Chats." + name, throwOnError: true)!;

    /// <summary>An entry of the operations' table.</summary>
    public dynamic Operation(string name) => Type("ChatsOperations").GetProperty(name)!.GetValue(null)!;

    /// <summary>The documentation of a member of the interface, white space evened out.</summary>
    public string DocumentationOf(string method)
    {
        var prefix = $"M:YandexMarket.Chats.IChatsClient.{method}(";
        var member = XDocument.Load(new MemoryStream(docs)).Descendants("member").Single(item => item.Attribute("name")!.Value.StartsWith(
            prefix,
            StringComparison.Ordinal));
        return string.Join(' ', member.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A client whose every request is answered with a body, and its requests.</summary>
    public ConnectedClient Connect(string answer, IReadOnlyCollection<string>? grantedScopes = null)
    {
        dynamic options = Activator.CreateInstance(Type("ChatsClientOptions"))!;
        options.ApiKey = "key";
        options.GrantedScopes = grantedScopes;
        var stub = new StubHandler(answer);
        return new ConnectedClient(Activator.CreateInstance(Type("ChatsClient"), new HttpClient(stub), options)!, stub);
    }

    private Assembly Load()
    {
        Assert.That(complaints, Is.Empty, "The generated client does not compile.");
        return new AssemblyLoadContext("changed contract", isCollectible: true).LoadFromStream(new MemoryStream(image));
    }
}
