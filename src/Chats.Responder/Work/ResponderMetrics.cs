using System.Diagnostics.Metrics;
using YandexMarket.Chats.Responder.Storage;

namespace YandexMarket.Chats.Responder.Work;

internal sealed class ResponderMetrics
{
    private static readonly MessageState[] _states = [MessageState.Received, MessageState.Answering, MessageState.InDoubt, MessageState.NeedsAttention];

    public ResponderMetrics(IMeterFactory meters) => meters.Create(ChatsResponderTelemetry.MeterName).CreateObservableGauge(
        "chats.responder.open",
        () => _states.Select(state => new Measurement<int>(Open.GetValueOrDefault(state), new KeyValuePair<string, object?>("chats.responder.state", state.ToString()))),
        "{message}",
        "The messages that have not ended, by state.");

    /// <summary>As last counted.</summary>
    public IReadOnlyDictionary<MessageState, int> Open { get; set; } = new Dictionary<MessageState, int>();
}
