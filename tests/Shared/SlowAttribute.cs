using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace YandexMarket.Chats.Testing;

/// <summary>
/// A test that generates, builds, packs, starts other programs or compiles mutants. It is ignored, and says so, unless the variable CI is
/// <c>true</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class SlowAttribute() : CategoryAttribute("Slow"), IApplyToTest
{
    void IApplyToTest.ApplyToTest(Test test)
    {
        ApplyToTest(test);
        if (test.RunState == RunState.Runnable && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, "It is slow: it runs where the variable CI is true, as in .ci/run.");
        }
    }
}
