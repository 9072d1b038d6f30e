namespace YandexMarket.Chats.Emulator;

/// <summary>Keeps the latest items, so that memory stays flat. Not thread-safe: its owner locks.</summary>
internal sealed class Ring<T>(int capacity)
{
    private readonly T[] _items = new T[capacity];
    private int _next;

    public int Count { get; private set; }

    public void Add(T item)
    {
        _items[_next] = item;
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    public void Clear()
    {
        Array.Clear(_items);
        (Count, _next) = (0, 0);
    }

    /// <summary>Oldest first.</summary>
    public T[] ToArray()
    {
        var items = new T[Count];
        var first = (_next - Count + capacity) % capacity;
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _items[(first + i) % capacity];
        }

        return items;
    }
}
