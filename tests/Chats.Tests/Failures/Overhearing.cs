using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace YandexMarket.Chats.Tests.Failures;

/// <summary>
/// Listens to what the process tells the world by activities and events, and keeps what a canary sings in. .NET's own sources are left
/// out: they quote the status line of a response that is not HTTP, which no client can change, and to listen to them changes requests.
/// </summary>
internal sealed class Overhearing : IDisposable
{
    private readonly ConcurrentQueue<string> _songs = new();
    private readonly ActivityListener _activities;
    private readonly EventEar _events;

    public Overhearing()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => !source.Name.StartsWith("System.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_activities);
        _events = new EventEar(this);
    }

    public IReadOnlyCollection<string> Songs => _songs;

    public void Dispose()
    {
        _activities.Dispose();
        _events.Dispose();
    }

    private void Hear(Activity activity) => Hear(string.Join(' ',
    [
        activity.Source.Name, activity.DisplayName, activity.StatusDescription,
        .. activity.TagObjects.Concat(activity.Events.SelectMany(item => item.Tags)).Select(tag => $"{tag.Key}={tag.Value}"),
        .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
    ]));

    private void Hear(string text)
    {
        if (Canary.SingsIn(text))
        {
            _songs.Enqueue(text);
        }
    }

    private sealed class EventEar : EventListener
    {
        private readonly Overhearing? _ear;

        public EventEar(Overhearing ear)
        {
            _ear = ear;
            // Sources that were there before, which the base class reported when the field was not yet set.
            foreach (var source in EventSource.GetSources())
            {
                OnEventSourceCreated(source);
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (_ear is not null && eventSource.Name.StartsWith("YandexMarket", StringComparison.Ordinal))
            {
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            _ear?.Hear($"{eventData.EventName} {eventData.Message} {string.Join(' ', eventData.Payload ?? [])}");
    }
}
