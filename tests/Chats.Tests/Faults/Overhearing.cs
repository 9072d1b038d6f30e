using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;

namespace YandexMarket.Chats.Tests.Faults;

/// <summary>
/// Listens to what the process tells the world by activities and events, and keeps what a canary sings in. .NET's own sources are
/// counted only: they quote the status line of an answer that is no HTTP, and no client can change that.
/// </summary>
internal sealed class Overhearing : IDisposable
{
    private readonly ConcurrentQueue<string> _songs = new();
    private readonly ActivityListener _activities;
    private readonly EventEar _events;
    private int _heard;

    public Overhearing()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Hear,
        };
        ActivitySource.AddActivityListener(_activities);
        _events = new EventEar(this);
    }

    public IReadOnlyCollection<string> Songs => _songs;

    /// <summary>How many activities were heard at all: silence would prove nothing.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public void Dispose()
    {
        _activities.Dispose();
        _events.Dispose();
    }

    private void Hear(Activity activity)
    {
        Interlocked.Increment(ref _heard);
        if (activity.Source.Name.StartsWith("System.Net", StringComparison.Ordinal))
        {
            return;
        }

        Hear(string.Join(' ',
        [
            activity.Source.Name, activity.DisplayName, activity.StatusDescription,
            .. activity.TagObjects.Concat(activity.Events.SelectMany(told => told.Tags)).Select(tag => $"{tag.Key}={tag.Value}"),
            .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
        ]));
    }

    private void Hear(string told)
    {
        if (Canary.SingsIn(told))
        {
            _songs.Enqueue(told);
        }
    }

    private sealed class EventEar : EventListener
    {
        private readonly Overhearing? _ear;

        public EventEar(Overhearing ear)
        {
            _ear = ear;
            // Sources that were there before, which the base class told of when the field was not yet set.
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
