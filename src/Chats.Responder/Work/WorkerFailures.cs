using System.Collections.Concurrent;

namespace YandexMarket.Chats.Responder.Work;

/// <summary>What the worker's steps fail with at the moment. The health check reports it: reads may work where the worker's writes do not.</summary>
internal sealed class WorkerFailures
{
    private readonly ConcurrentDictionary<object, string> _failures = new();

    /// <summary>One of the failures; null if the last attempt of every step succeeded.</summary>
    public string? Any => _failures.Values.FirstOrDefault();

    public void Set(object step, string failure) => _failures[step] = failure;

    public void Remove(object step) => _failures.TryRemove(step, out _);
}
