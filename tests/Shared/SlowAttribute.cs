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
    public static bool IsCI => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ignores the test if a program that it needs is missing; with CI=true it fails.</summary>
    public static void Require(bool isThere, string otherwise)
    {
        if (!isThere)
        {
            Assert.That(IsCI, Is.False, otherwise);
            Assert.Ignore(otherwise);
        }
    }

    void IApplyToTest.ApplyToTest(Test test)
    {
        ApplyToTest(test);
        if (test.RunState == RunState.Runnable && !IsCI)
        {
            test.RunState = RunState.Ignored;
            test.Properties.Set(PropertyNames.SkipReason, "It is slow: it runs where the variable CI is true, as in .ci/run.");
        }
    }
}
