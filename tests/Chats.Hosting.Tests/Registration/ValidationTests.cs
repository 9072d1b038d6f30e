using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace YandexMarket.Chats.Hosting.Tests;

internal sealed class ValidationTests
{
    private const string Secret = "ACMA:secret-secret";

    [TestCase("Timeout", "00:00:00", "Chats:Timeout: it must be more than zero")]
    [TestCase("Timeout", "15", "Chats:Timeout: 15 alone would be days; write hours, minutes and seconds, as 00:00:15.")]
    [TestCase("BaseAddress", "http://example.com/", "Chats:BaseAddress: plain http would show the key to the network; use https (http is for loopback, and for test networks with AllowInsecureHttp).")]
    [TestCase("MaxResponseBytes", "0", "Chats:MaxResponseBytes is less than 1")]
    [TestCase("Integration", "имя", "Chats:Integration: it may hold printable ASCII only")]
    [TestCase("GrantedScopes:0", "", "Chats:GrantedScopes: one of them is empty")]
    [TestCase("ApiKey", "", "Chats:ApiKey: the key is empty")]
    [TestCase("ApiKey", Secret + "\n", "Chats:ApiKey: the key holds a line break; trim it (a file often ends with one).")]
    [TestCase("ApiKey", "Bearer " + Secret, "Chats:ApiKey: the key starts with \"Bearer \"")]
    [TestCase("MaxQuotaWait", "-00:00:01", "Chats:MaxQuotaWait: it must be zero to 24 days")]
    [TestCase("MaxQuotaWait", "5", "Chats:MaxQuotaWait: 5 alone would be days")]
    [TestCase("MaxAttempts", "0", "Chats:MaxAttempts: it must be 1 (nothing is retried) to 10")]
    [TestCase("MaxAttempts", "11", "Chats:MaxAttempts: it must be 1 (nothing is retried) to 10")]
    [TestCase("RetryDelay", "00:00:00", "Chats:RetryDelay: it must be 10 milliseconds to a minute")]
    [TestCase("AttemptTimeout", "00:00:00", "Chats:AttemptTimeout: it must be more than zero")]
    public async Task A_wrong_setting_stops_the_start_and_is_named_without_the_key(string setting, string value, string message)
    {
        var thrown = await StartFailsAsync(("Chats:ApiKey", Secret), ($"Chats:{setting}", value));

        Assert.That(thrown.Message, Does.Contain(message));
        Assert.That(thrown.ToString(), Does.Not.Contain("secret-secret"));
    }

    [TestCase("Timeout", "soon")]
    [TestCase("MaxAttempts", "many")]
    [TestCase("UseQuota", "perhaps")]
    public async Task A_setting_of_the_wrong_type_stops_the_start_and_is_named(string setting, string value) => Assert.That(
        (await StartFailsAsync(("Chats:ApiKey", Secret), ($"Chats:{setting}", value))).Message, Does.Contain($"Chats:{setting}"));

    [Test]
    public async Task Without_any_key_the_message_names_the_environment_variable() =>
        Assert.That((await StartFailsAsync()).Message, Does.Contain("Chats:ApiKey: there is no key").And.Contain("Chats__ApiKey"));

    [Test]
    public async Task A_wrong_option_in_code_is_named_with_the_client()
    {
        var thrown = await Assert.CatchAsync<OptionsValidationException>(() => StartAsync(builder =>
            builder.Services.AddChatsClient("shop", options => (options.ApiKey, options.Timeout) = (Secret, TimeSpan.Zero))));

        Assert.That(thrown!.Message, Does.Contain("Client 'shop': ChatsClientOptions.Timeout: it must be more than zero"));
    }

    private static async Task<Exception> StartFailsAsync(params (string Name, string Value)[] settings) =>
        (await Assert.CatchAsync(() => StartAsync(builder =>
        {
            // The last value of a name counts.
            builder.Configuration.AddInMemoryCollection(settings.GroupBy(pair => pair.Name, pair => (string?)pair.Value)
                .ToDictionary(values => values.Key, values => values.Last()));
            builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats"));
        })))!;

    private static async Task StartAsync(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        configure(builder);
        using var host = builder.Build();
        await host.StartAsync();
    }
}
