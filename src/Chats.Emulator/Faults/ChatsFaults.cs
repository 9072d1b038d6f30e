namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Faults on demand: for the next calls, or for some of all calls by chance. They strike calls of the two operations, right or wrong
/// ones, in the order of their arrival; calls to any other address are left alone. Thread-safe.
/// </summary>
public sealed class ChatsFaults
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(ChatsFault Fault, EmulatedOperation? Operation)> _next = [];
    private ChatsFault[] _byChance = [];
    private double _probability;
    private Random _dice = new(0);
    private volatile bool _armed;
    private long _struck;

    internal ChatsFaults()
    {
    }

    /// <summary>How many faults of <see cref="Next"/> still wait for their call.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _next.Count;
            }
        }
    }

    /// <summary>How many calls were struck since the start.</summary>
    public long Struck => Interlocked.Read(ref _struck);

    /// <summary>Strikes the next calls. Faults asked for earlier come first.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="times">With how many calls; 1 by default.</param>
    /// <param name="operation">Only with calls of this operation; by default with calls of either.</param>
    /// <exception cref="ArgumentNullException">The fault is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public void Next(ChatsFault fault, int times = 1, EmulatedOperation? operation = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate)
        {
            for (var i = 0; i < times; i++)
            {
                _next.AddLast((fault, operation));
            }

            _armed = true;
        }
    }

    /// <summary>
    /// Strikes calls by chance from now on, in place of an earlier order of this kind. The same seed gives the same faults to the same
    /// sequence of calls; when calls run at once, which of them meets which fault depends on their arrival.
    /// </summary>
    /// <param name="seed">Of the dice.</param>
    /// <param name="probability">Of a fault, 0 to 1: 0.2 strikes one call in five.</param>
    /// <param name="faults">What may go wrong, each equally often; <see cref="ChatsFault.All"/> if none is named.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">A fault is null.</exception>
    public void Random(int seed, double probability, params ChatsFault[] faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, "A probability is between 0 and 1: 0.2 strikes one call in five.");
        }

        if (Array.IndexOf(faults, null) >= 0)
        {
            throw new ArgumentException("A fault is null: leave it out of the list.", nameof(faults));
        }

        lock (_gate)
        {
            _byChance = faults.Length > 0 ? [.. faults] : [.. ChatsFault.All];
            _probability = probability;
            _dice = new Random(seed);
            _armed = true;
        }
    }

    /// <summary>Calls off every fault that has not yet struck.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _byChance = [];
            _armed = false;
        }
    }

    internal FaultOrders Orders()
    {
        lock (_gate)
        {
            return new FaultOrders([.. _next], _byChance.Length > 0 ? _probability : 0, _byChance);
        }
    }

    internal ChatsFault? Draw(EmulatedOperation operation)
    {
        // Without faults, the usual case, a call pays for no lock.
        if (!_armed)
        {
            return null;
        }

        lock (_gate)
        {
            var fault = DrawNext(operation) ?? DrawByChance();
            _armed = _next.Count > 0 || _byChance.Length > 0;
            _struck += fault is null ? 0 : 1;
            return fault;
        }
    }

    private ChatsFault? DrawNext(EmulatedOperation operation)
    {
        for (var node = _next.First; node is not null; node = node.Next)
        {
            if (node.Value.Operation is null || node.Value.Operation == operation)
            {
                _next.Remove(node);
                return node.Value.Fault;
            }
        }

        return null;
    }

    private ChatsFault? DrawByChance() =>
        _byChance.Length > 0 && _dice.NextDouble() < _probability ? _byChance[_dice.Next(_byChance.Length)] : null;
}
