using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace YandexMarket.Chats.Hosting.Tests.Documents;

/// <summary>The examples of docs/hosting.md run, and its table of options agrees with the code.</summary>
[NonParallelizable]
internal sealed class HostingPageTests
{
    [Test]
    public async Task The_documented_lines_export_telemetry([Values] bool withView)
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

            if (withView)
            {
                // docs/hosting: The view for .NET 8
                services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddView(
                    "chats.client.*.duration", new ExplicitBucketHistogramConfiguration { Boundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30] }));
                // end
            }

            services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(activities));
            services.ConfigureOpenTelemetryMeterProvider(meters => meters.AddInMemoryExporter(metrics));
        });
        await Task.WhenAll(provider.GetServices<IHostedService>().Select(service => service.StartAsync(CancellationToken.None)));
        await provider.Client().GetChatMessageAsync(1, 2, 3);
        provider.GetRequiredService<TracerProvider>().ForceFlush();
        provider.GetRequiredService<MeterProvider>().ForceFlush();

        Assert.That(activities.Select(activity => activity.DisplayName), Has.Member("GET /businesses/{businessId}/chats/message"));
        List<double> bounds = [];
        foreach (ref readonly var point in metrics.Single(metric => metric.Name == "chats.client.call.duration").GetMetricPoints())
        {
            foreach (var bucket in point.GetHistogramBuckets())
            {
                bounds.Add(bucket.ExplicitBound);
            }
        }

#if CHATS_NETSTANDARD
        Assert.That(withView, Is.EqualTo(bounds.Contains(0.1)), "like .NET 8, that build has only the SDK's own bounds");
#else
        Assert.That(bounds, Is.SupersetOf(new[] { 0.1, 15 }));
#endif
    }

    [Test]
    public void The_options_and_their_defaults() => OptionTable.Check("docs/hosting.md", new ChatsHostingOptions());
}
