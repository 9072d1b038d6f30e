namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Faults on demand: for the next calls, or for random calls. They apply to calls of the two operations, valid or not, in the order of
/// their arrival; calls to other addresses are not affected. Thread-safe.
/// </summary>
public sealed class ChatsFaults
{
    private readonly Lock _gate = new();
    private readonly List<FaultOrder> _next = [];
    private ChatsFault[] _random = [];
    private double _probability;
    private Random _generator = new(0);
    private long _applied;

    internal ChatsFaults()
    {
    }

    /// <summary>How many faults of <see cref="Next"/> have not been applied yet.</summary>
    public int Pending
    {
        get
        {
            lock (_gate)
            {
                return _next.Sum(order => order.Times);
            }
        }
    }

    /// <summary>How many calls had a fault since the start.</summary>
    public long AppliedCount => Interlocked.Read(ref _applied);

    /// <summary>Adds a fault for the next calls, after those that were added before.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="times">For how many calls; 1 by default.</param>
    /// <param name="operation">Only for calls of this operation; by default for both.</param>
    /// <exception cref="ArgumentNullException">The fault is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public void Next(ChatsFault fault, int times = 1, EmulatedOperation? operation = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate)
        {
            _next.Add(new FaultOrder(fault, operation, times));
        }
    }

    /// <summary>
    /// Applies faults to random calls from now on, in place of those of an earlier call of this method. The same seed gives the same
    /// faults for the same sequence of calls; for parallel calls it depends on their arrival which of them has which fault.
    /// </summary>
    /// <param name="seed">The seed of the random generator.</param>
    /// <param name="probability">The probability of a fault, 0 to 1: 0.2 is one call in five.</param>
    /// <param name="faults">The possible faults, with equal probability; <see cref="ChatsFault.All"/> if empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">A fault is null.</exception>
    public void Random(int seed, double probability, params ChatsFault[] faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is between 0 and 1: 0.2 is one call in five.");
        }

        if (faults.Contains(null))
        {
            throw new ArgumentException("A fault is null.", nameof(faults));
        }

        lock (_gate)
        {
            _random = faults.Length > 0 ? [.. faults] : [.. ChatsFault.All];
            _probability = probability;
            _generator = new Random(seed);
        }
    }

    /// <summary>Removes all faults that have not been applied yet, and stops random ones.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _random = [];
            _probability = 0;
        }
    }

    /// <summary>What is still to come; without random faults the probability is 0.</summary>
    internal (FaultOrder[] Next, double Probability, IReadOnlyList<ChatsFault> Random) Orders()
    {
        lock (_gate)
        {
            return ([.. _next], _probability, _random);
        }
    }

    internal ChatsFault? Draw(EmulatedOperation operation)
    {
        lock (_gate)
        {
            var fault = DrawNext(operation)
                ?? (_random.Length > 0 && _generator.NextDouble() < _probability ? _random[_generator.Next(_random.Length)] : null);
            _applied += fault is null ? 0 : 1;
            return fault;
        }
    }

    private ChatsFault? DrawNext(EmulatedOperation operation)
    {
        var index = _next.FindIndex(order => order.Operation is null || order.Operation == operation);
        if (index < 0)
        {
            return null;
        }

        var order = _next[index];
        if (order.Times > 1)
        {
            _next[index] = order with { Times = order.Times - 1 };
        }
        else
        {
            _next.RemoveAt(index);
        }

        return order.Fault;
    }
}

/// <summary>A fault for the next calls, of one operation or, if null, of both.</summary>
internal sealed record FaultOrder(ChatsFault Fault, EmulatedOperation? Operation, int Times);
