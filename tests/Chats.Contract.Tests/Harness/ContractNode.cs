using YamlDotNet.RepresentationModel;

namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>The real contract as a plain YAML reader sees it, which knows nothing of the generator.</summary>
internal sealed class ContractNode
{
    private readonly YamlNode _node;

    private ContractNode(YamlNode node) => _node = node;

    public static ContractNode Real { get; } = Load(ChangedContract.Unchanged.Text);

    public string Text => ((YamlScalarNode)_node).Value!;

    public IEnumerable<string> Texts => ((YamlSequenceNode)_node).Select(item => ((YamlScalarNode)item).Value!);

    public IEnumerable<string> Names => ((YamlMappingNode)_node).Children.Keys.Select(key => ((YamlScalarNode)key).Value!);

    /// <summary>A node further down, by the names and positions on the way.</summary>
    public ContractNode this[params object[] way] => new(way.Aggregate(
        _node,
        (node, step) => step is int position ? node[position] : node[(string)step]));

    private static ContractNode Load(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return new ContractNode(yaml.Documents[0].RootNode);
    }
}
