using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace YandexMarket.Chats.Hosting.Tests.Documents;

/// <summary>The examples of docs/hosting.md run, and its table of options agrees with the code.</summary>
[NonParallelizable]
internal sealed class HostingPageTests
{
    [Test]
    public async Task The_documented_lines_export_telemetry()
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
        await Task.WhenAll(provider.GetServices<IHostedService>().Select(service => service.StartAsync(CancellationToken.None)));
        await provider.Client().GetChatMessageAsync(1, 2, 3);
        provider.GetRequiredService<TracerProvider>().ForceFlush();
        provider.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.That(activities.Select(activity => activity.DisplayName), Has.Member("GET /businesses/{businessId}/chats/message"));
        Assert.That(metrics.Select(metric => metric.Name), Has.Member("chats.client.call.duration"));
    }

    [Test]
    public void The_options_and_their_defaults() => OptionTable.Check("docs/hosting.md", new ChatsHostingOptions());
}
