using YamlDotNet.RepresentationModel;

namespace YandexMarket.Chats.Witnesses.Tests;

/// <summary>A response of which the contract has an example, as a plain YAML reader finds it.</summary>
internal sealed record ContractExample(ChatsOperation Operation, int Status)
{
    public static string Contract { get; } = Repository.Read(Path.Combine("openapi", "chats.yaml"));

    public static IReadOnlyList<ContractExample> All { get; } = Read();

    private static ContractExample[] Read()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Contract));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        return
        [
            .. from operation in ChatsOperations.All
               from response in Members(root["paths"][operation.Path][operation.Method.Method.ToLowerInvariant()]["responses"])
               from example in Members(Target(root, response.Value)["content"]["application/json"]["examples"])
               select new ContractExample(operation, int.Parse(response.Name)),
        ];
    }

    private static IEnumerable<(string Name, YamlNode Value)> Members(YamlNode node) =>
        ((YamlMappingNode)node).Children.Select(child => (((YamlScalarNode)child.Key).Value!, child.Value));

    private static YamlNode Target(YamlMappingNode root, YamlNode node) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue("$ref", out var reference)
            ? ((YamlScalarNode)reference).Value!.Split('/').Skip(1).Aggregate((YamlNode)root, (parent, name) => parent[name])
            : node;
}
