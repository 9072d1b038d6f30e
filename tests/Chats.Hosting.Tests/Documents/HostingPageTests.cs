using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
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
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        services.AddChatsClient(options => options.ApiKey = "key").ConfigurePrimaryHttpMessageHandler(() => StubHandler.Responding(200));

        // docs/hosting: Telemetry
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", ChatsTelemetry.ActivitySourceName))
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
        await using var app = builder.Build();
        app.MapGet("/", async (IChatsClient client) => (await client.GetChatMessageAsync(1, 2, 3)).MessageId);
        await app.StartAsync();
        using var browser = new HttpClient();
        await browser.GetStringAsync(new Uri(app.Urls.Single()));
        await app.StopAsync();   // the activity of the request has ended
        app.Services.GetRequiredService<TracerProvider>().ForceFlush();
        app.Services.GetRequiredService<MeterProvider>().ForceFlush();

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

    [TestCase(false)]
    [TestCase(true, ExcludePlatform = "Win")]
    public async Task A_key_in_a_mounted_file_is_replaced_without_a_restart(bool isSecretOfKubernetes)
    {
        const string Polling = "DOTNET_USE_POLLING_FILE_WATCHER";
        var before = Environment.GetEnvironmentVariable(Polling);
        var secrets = Directory.CreateTempSubdirectory("secrets-").FullName;
        var file = Path.Combine(secrets, "Chats__ApiKey");
        Mount("old-key");
        using var service = StubHandler.Responding(200);
        try
        {
            Environment.SetEnvironmentVariable(Polling, isSecretOfKubernetes ? "1" : null);
            var builder = Host.CreateApplicationBuilder();
            // docs/hosting: A key in a mounted file
            builder.Configuration.AddKeyPerFile(secrets, optional: true, reloadOnChange: true);   // with the file Chats__ApiKey
            // end
            builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats")).ConfigurePrimaryHttpMessageHandler(() => service);
            using var host = builder.Build();
            await host.StartAsync();
            var client = host.Services.GetRequiredService<IChatsClient>();
            await client.GetChatMessageAsync(1, 2, 3);

            Mount("new-key");
            await Until.TrueAsync(() => builder.Configuration["Chats:ApiKey"] == "new-key");
            await Until.TrueAsync(async () =>
            {
                await client.GetChatMessageAsync(1, 2, 3);
                return service.Keys.Last() == "new-key";
            });
        }
        finally
        {
            Environment.SetEnvironmentVariable(Polling, before);
            Directory.Delete(secrets, recursive: true);
        }

        // Kubernetes replaces the folder that a link, and through it the file, points to.
        void Mount(string key)
        {
            var data = Path.Combine(secrets, "..data");
            if (!isSecretOfKubernetes)
            {
                File.WriteAllText(file, key);
                return;
            }

            var folder = Directory.CreateDirectory(Path.Combine(secrets, $"..{key}")).FullName;
            File.WriteAllText(Path.Combine(folder, "Chats__ApiKey"), key);
            if (Directory.Exists(data))
            {
                Directory.Delete(data);
            }
            else
            {
                File.CreateSymbolicLink(file, Path.Combine("..data", "Chats__ApiKey"));
            }

            Directory.CreateSymbolicLink(data, folder);
        }
    }

    [Test]
    public async Task The_resilience_handler_of_all_clients_is_removed()
    {
        using var service = StubHandler.Responding(503);
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Chats:ApiKey", "key"), new("Chats:RetryDelay", "00:00:00.010")]);
        builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
        builder.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => service));

#pragma warning disable EXTEXP0001 // RemoveAllResilienceHandlers is marked as experimental.
        // docs/hosting: Retries, with service defaults
        builder.Services.AddChatsClient(builder.Configuration.GetSection("Chats")).RemoveAllResilienceHandlers();
        // end

        using var host = builder.Build();
        await Assert.CatchAsync<ChatsApiException>(() => host.Services.GetRequiredService<IChatsClient>().GetChatMessageAsync(1, 2, 3));

        Assert.That(service.Calls, Is.EqualTo(4), "Its retries would multiply with ours, and its timeout of an attempt would end a call that waits.");
    }

    [Test]
    public void The_options_and_their_defaults() => OptionTable.Check("docs/hosting.md", new ChatsHostingOptions());
}
