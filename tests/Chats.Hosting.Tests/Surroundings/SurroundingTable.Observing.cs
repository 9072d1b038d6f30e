using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Hosting.Tests.Surroundings;

internal static partial class SurroundingTable
{
    private static IEnumerable<Surrounding> Observing()
    {
        const string Group = "An observer throws";
        (string Name, int Status, string Read, string Send)[] logged =
        [
            ("a log sink", 200, "result; 1", "result; 1"),
            ("a log sink, on a 404", 404, $"`ChatsApiException` 404, {Not}; 1", $"`ChatsApiException` 404, {Not}; 1"),
            ("a log sink, on a 503, with two attempts", 503, "result; 2", $"`ChatsApiException` 503, {Doubt}; 1"),
        ];
        foreach (var (name, status, read, send) in logged)
        {
            yield return new(Group, name, play =>
            {
                play.Respond(status);
                play.Builder += http => http.ConfigureChatsHosting(options => options.MaxAttempts = 2);
                play.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace)
                    .AddFakeLogging(logs => logs.OutputSink = _ => throw new InvalidOperationException("the sink is full")));
            }, read, send);
        }

        yield return new(Group, "an activity listener, when the activity ends", play => Listen(play, started: false), "result; 1", "result; 1");
        yield return new(Group, "an activity listener, when the activity starts", play => Listen(play, started: true), "result; 1", "result; 1");
        yield return new(Group, "a meter listener", play =>
        {
            var listener = new MeterListener
            {
                InstrumentPublished = (instrument, it) =>
                {
                    if (instrument.Meter.Name == ChatsTelemetry.MeterName)
                    {
                        it.EnableMeasurementEvents(instrument);
                    }
                },
            };
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException());
            listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException());
            listener.Start();
            play.AtEnd += listener.Dispose;
        }, "result; 1", "result; 1");
        yield return new(Group, "`ResponseReceived`", play => play.Options += options => options.ResponseReceived = _ => throw new InvalidOperationException(), "result; 1", "result; 1");
    }

    private static void Listen(Play play, bool started)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ChatsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = started ? Throw : null,
            ActivityStopped = started ? null : Throw,
        };
        ActivitySource.AddActivityListener(listener);
        play.AtEnd += listener.Dispose;

        static void Throw(Activity activity) => throw new InvalidOperationException();
    }
}
