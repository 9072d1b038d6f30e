using YamlDotNet.RepresentationModel;

namespace YandexMarket.Chats.Cli.Tests;

/// <summary>
/// The compose file beside the samples says what the tool and the client know. That an engine takes it is not tested here. The Dockerfile of the tool
/// is linted by .ci/run, and the consumers' tests start what it publishes.
/// </summary>
public sealed class ContainerTests
{
    private static readonly YamlMappingNode _services = ReadServices();

    [Test]
    public async Task The_compose_file_uses_only_commands_of_the_tool()
    {
        var emulator = Words(_services["emulator"]["command"]);
        var health = Words(_services["emulator"]["healthcheck"]["test"]);

        Assert.That(await DocumentTests.StrangersAsync(string.Join(' ', emulator)), Is.Empty);
        Assert.That(await DocumentTests.StrangersAsync(string.Join(' ', health[3..])), Is.Empty);
        Assert.That(health[..3], Is.EqualTo(["CMD", "dotnet", "YandexMarket.Chats.Cli.dll"]));
    }

    [Test]
    public void The_bots_settings_create_a_valid_client()
    {
        var settings = ((YamlMappingNode)_services["bot"]["environment"]).ToDictionary(entry => $"{entry.Key}", entry => $"{entry.Value}");
        var options = new ChatsClientOptions
        {
            ApiKey = settings["Chats__ApiKey"],
            BaseAddress = new Uri(settings["Chats__BaseAddress"]),
            AllowInsecureHttp = bool.Parse(settings["Chats__AllowInsecureHttp"]),
        };

        Assert.That(options.Validate, Throws.Nothing);
        Assert.That(options.BaseAddress.Host, Is.EqualTo("emulator"), "The name of the other service.");
        Assert.That(settings.Keys.Where(name => name.StartsWith("Chats__", StringComparison.Ordinal)), Has.Exactly(3).Items);
    }

    [Test]
    public void The_ports_are_published_only_on_this_machine() =>
        Assert.That(Words(_services["emulator"]["ports"]), Is.All.StartsWith("127.0.0.1:"));

    private static string[] Words(YamlNode list) => [.. ((YamlSequenceNode)list).Select(word => $"{word}")];

    private static YamlMappingNode ReadServices()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read("samples/Docker/docker-compose.yml")));
        return (YamlMappingNode)yaml.Documents[0].RootNode["services"];
    }
}
