using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.AspNetCore.Tests;

public class OptionsTests
{
    [Test]
    public void A_configuration_section_sets_every_option()
    {
        var options = OptionsOf(new()
        {
            ["Name"] = "shop",
            ["Version"] = "2",
            ["CheckSender"] = "true",
            ["Businesses:0"] = "5",
            ["SenderNetworks:0"] = "10.0.0.0/8",
            ["SenderNetworks:1"] = "2001:0DB8::/32",
            ["Proxy:Foo"] = "a sub-section",
            ["Proxies:0:Foo"] = "a list of them",
        });

        Assert.That((options.Name, options.Version, options.CheckSender), Is.EqualTo(("shop", "2", true)));
        Assert.That(options.Businesses, Is.EqualTo([5L]));
        Assert.That(options.SenderNetworks, Is.EqualTo(["5.45.207.0/25", "141.8.142.0/25", "5.255.253.0/25", "10.0.0.0/8", "2001:0DB8::/32"]));
    }

    [TestCase("Name", "", "Name and Version must have 1 to 100 characters")]
    [TestCase("Name", "101", "Name and Version must have 1 to 100 characters")]
    [TestCase("Version", "", "Name and Version must have 1 to 100 characters")]
    [TestCase("SenderNetworks:0", "10.0.0.7", "such as 5.45.207.0/25 or 10.0.0.7/32")]
    [TestCase("SenderNetworks:0", "010.0.0.0/8", "four decimal numbers without leading zeros")]
    [TestCase("SenderNetworks:0", "198.51/16", "four decimal numbers without leading zeros")]
    [TestCase("SenderNetworks:0", "::ffff:198.51.100.0/120", "not mapped to IPv6")]
    [TestCase("Businesses", "5", "Notifications:Businesses: it is a list; write \"Businesses\": […] in JSON, or the environment variable Notifications__Businesses__0.")]
    [TestCase("Businesses:0", "5 000", "Notifications:Businesses:0: it must be a whole number.")]
    [TestCase("Businesses:0", "", "Notifications:Businesses:0: it must be a whole number.")]
    [TestCase("Businesses:0", null, "Notifications:Businesses:0: it has no value.")]
    [TestCase("Businesses:0", "0", "Businesses must be the ids of business accounts, which are above zero.")]
    [TestCase("CheckSender", "no", "Notifications:CheckSender: it must be true or false.")]
    [TestCase("Busineses", "5", "Notifications:Busineses is not an option; did you mean Businesses?")]
    [TestCase("Busineses:0", "5", "Notifications:Busineses is not an option; did you mean Businesses?")]
    public void An_invalid_option_is_rejected(string option, string? value, string advice) => Assert.That(
        () => OptionsOf(new() { [option] = value == "101" ? new string('n', 101) : value }),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains(advice));

    [Test]
    public void An_invalid_option_prevents_startup() => Assert.That(
        () => Shop.StartAsync(options => options.Name = ""),
        Throws.TypeOf<OptionsValidationException>());

    [Test]
    public async Task The_health_check_takes_tags_and_without_a_receiver_names_the_missing_call()
    {
        await using var provider = new ServiceCollection().AddLogging().AddHealthChecks().AddChatsNotifications(tags: ["ready"]).Services.BuildServiceProvider();

        var check = (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["chats-notifications"];

        Assert.That((check.Status, check.Description), Is.EqualTo((HealthStatus.Unhealthy, "There is no receiver: call services.AddChatsNotifications<THandler>().")));
        Assert.That(check.Tags, Is.EqualTo(["ready"]));
    }

    private static ChatsNotificationOptions OptionsOf(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Notifications:{setting.Key}", setting.Value))).Build();
        using var provider = new ServiceCollection().AddChatsNotifications<RecordingHandler>(configuration.GetSection("Notifications")).BuildServiceProvider();
        return provider.GetRequiredService<IOptions<ChatsNotificationOptions>>().Value;
    }
}
