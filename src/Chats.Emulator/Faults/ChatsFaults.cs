namespace YandexMarket.Chats.Emulator;

/// <summary>
/// Faults on demand: for the next calls, or for random calls. They apply to calls of the two operations, valid or not, in the order of
/// their arrival; calls to other addresses are not affected. Thread-safe.
/// </summary>
public sealed class ChatsFaults
{
    private readonly Lock _gate = new();
    private readonly List<(ChatsFault Fault, EmulatedOperation? Operation)> _next = [];
    private (double Probability, ChatsFault[] Faults) _random = (0, []);
    private Random _generator = new(0);
    private long _applied;

    internal ChatsFaults()
    {
    }

    /// <summary>How many faults of <see cref="Next"/> have not been applied yet.</summary>
    public int Pending => Planned().Next.Length;

    /// <summary>How many calls had a fault since the emulator started.</summary>
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
            _next.AddRange(Enumerable.Repeat((fault, operation), times));
        }
    }

    /// <summary>
    /// Applies faults to random calls from now on, instead of those of an earlier call of this method. The same seed produces the same
    /// faults for the same sequence of calls; which of several parallel calls gets which fault depends on the order of their arrival.
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
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability must be from 0 to 1, for example 0.2 for one call in five.");
        }

        if (faults.Contains(null))
        {
            throw new ArgumentException("A fault is null.", nameof(faults));
        }

        lock (_gate)
        {
            _random = (probability, faults.Length > 0 ? [.. faults] : [.. ChatsFault.All]);
            _generator = new Random(seed);
        }
    }

    /// <summary>Removes all faults that have not been applied yet, and stops random ones.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _random = (0, []);
        }
    }

    /// <summary>What is still to come; without random faults the probability is 0.</summary>
    internal ((ChatsFault Fault, EmulatedOperation? Operation)[] Next, (double Probability, ChatsFault[] Faults) Random) Planned()
    {
        lock (_gate)
        {
            return ([.. _next], _random);
        }
    }

    internal ChatsFault? Draw(EmulatedOperation operation)
    {
        lock (_gate)
        {
            ChatsFault? fault = null;
            var index = _next.FindIndex(next => next.Operation is null || next.Operation == operation);
            if (index >= 0)
            {
                fault = _next[index].Fault;
                _next.RemoveAt(index);
            }
            else if (_generator.NextDouble() < _random.Probability)
            {
                fault = _random.Faults[_generator.Next(_random.Faults.Length)];
            }

            _applied += fault is null ? 0 : 1;
            return fault;
        }
    }
}
