using System.Diagnostics;
using System.Runtime;

namespace YandexMarket.Chats.Benchmarks.Measure;

/// <summary>Tells when the just-in-time compiler has had nothing to do for a while: until then all is slower than it will be.</summary>
internal sealed class WarmUp
{
    // Moving code up a tier waits until nothing new was called for 100 ms.
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(12);

    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private long _methods = JitInfo.GetCompiledMethodCount();

    public bool IsOver
    {
        get
        {
            if (JitInfo.GetCompiledMethodCount() is var now && now != _methods)
            {
                _methods = now;
                _sinceLast.Restart();
            }

            return _sinceLast.Elapsed > _quiet || _total.Elapsed > _longest;
        }
    }
}
