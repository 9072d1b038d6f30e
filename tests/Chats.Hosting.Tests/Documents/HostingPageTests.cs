using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace YandexMarket.Chats.Hosting.Tests.Documents;

/// <summary>The examples of docs/hosting.md run, and its tables agree with the code.</summary>
[NonParallelizable]
internal sealed class HostingPageTests
{
    private static readonly MarkdownPage _page = Pages.Read("docs/hosting.md");

    [Test]
    public async Task Telemetry_is_exported_by_its_lines()
    {
        List<System.Diagnostics.Activity> activities = [];
        List<Metric> metrics = [];
        await using var provider = Container.Build(services =>
        {
            services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => StubHandler.Responding(200));

            // docs/hosting: Telemetry
            services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddSource(ChatsTelemetry.ActivitySourceName))
                .WithMetrics(metrics => metrics.AddMeter(ChatsTelemetry.MeterName));
            // end

            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(activities));
            services.ConfigureOpenTelemetryMeterProvider(meters => meters.AddInMemoryExporter(metrics));
        });
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        await provider.Client().GetChatMessageAsync(1, 2, 3);
        provider.GetRequiredService<TracerProvider>().ForceFlush();
        provider.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.That(activities.Select(activity => activity.DisplayName), Has.Member("GET /businesses/{businessId}/chats/message"));
        Assert.That(metrics.Select(metric => metric.Name), Has.Member("chats.client.call.duration"));
    }

    [Test]
    public void The_options_and_their_defaults()
    {
        var options = new ChatsHostingOptions();

        Assert.That(
            _page.Table("option").Select(row => $"{row[0]}: {row[1]}"),
            Is.EquivalentTo(typeof(ChatsHostingOptions).GetProperties().Where(property => property.GetSetMethod() is not null)
                .Select(property => $"`{property.Name}`: {Words(property.GetValue(options))}")));
    }

    private static string Words(object? value) => value switch
    {
        null => "none",
        true => "true",
        TimeSpan time => time.ToString("hh\\:mm\\:ss\\.FFFFFFF", CultureInfo.InvariantCulture).TrimEnd('.'),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
