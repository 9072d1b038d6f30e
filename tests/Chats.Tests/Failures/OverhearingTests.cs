using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>The ear of the matrix hears, and the client has no other mouth.</summary>
public class OverhearingTests
{
    [Test]
    public void The_ear_hears_a_canary()
    {
        using var world = new Overhearing();
        using var source = new ActivitySource("a careless library");

        source.StartActivity("call")!.SetTag("body", Canary.Text).Dispose();

        Assert.That(world.Songs, Has.Count.EqualTo(1));
    }

    [Test]
    public void The_ear_hears_events_of_our_own()
    {
        using var world = new Overhearing();
        using var source = new EventSource("YandexMarket.Chats.Careless");

        source.Write("call", new { body = Canary.Text });

        Assert.That(world.Songs, Has.Count.EqualTo(1));
    }

    [Test]
    public void The_client_brings_no_logger()
    {
        var needed = typeof(ChatsClient).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name);

        Assert.That(needed, Has.None.Contains("Logging").And.None.EqualTo("System.Console").And.None.Contains("TraceSource"));
    }
}
