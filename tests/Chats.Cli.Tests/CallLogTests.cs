namespace YandexMarket.Chats.Cli.Tests;

public sealed class CallLogTests : ServiceFixture
{
    [Test]
    public async Task The_times_are_those_of_the_clock_on_the_wall_and_the_first_dropped_notification_is_told()
    {
        using var away = new ClosedPort();
        using var output = new StringWriter();
        await using (var log = new CallLog(new Kolkata()))
        {
            log.Follow(Emulator);
            await new TestTool().RunAsync(Get());
            Emulator.Notifications.Url = away.Address;
            Emulator.Notifications.Copies = 10_003;
            Chat.Receive("Hello?");

            log.Start(output);
        }

        var lines = output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        var time = Emulator.Requests.Single().ReceivedAt.ToOffset(Kolkata.Offset);
        Assert.That(lines[0], Does.StartWith($"{time:HH:mm:ss.fff}  200  GET "));
        Assert.That(lines, Has.Exactly(1).EndsWith("  ---  notify: 10000 notifications are pending, so new ones are dropped"));
    }

    private sealed class Kolkata : TimeProvider
    {
        public static TimeSpan Offset { get; } = TimeSpan.FromHours(5.5);

        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("here", Offset, "here", "here");
    }
}
