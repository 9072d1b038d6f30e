using System.Reflection;
using NUnit.Framework.Internal;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>Every rule is checked by something: with the rule broken in the source, that test fails.</summary>
[Slow]
internal sealed class MutantTests
{
    private static readonly Lazy<BrokenHosting> _whole = new(() => BrokenHosting.With([]));
    private static readonly ConcurrentDictionary<(string Fixture, string Test), Lazy<string?>> _failuresOfWhole = new();

    public static IEnumerable<TestCaseData> All => MutantTable.All.Select(mutant => new TestCaseData(mutant).SetArgDisplayNames(mutant.Rule));

    [TestCaseSource(nameof(All))]
    public void A_test_fails_if_a_rule_is_broken(Mutant mutant)
    {
        var (fixture, test, words) = mutant.Noticer;
        var broken = BrokenHosting.With(mutant.Edits);
        try
        {
            var failure = FailureOf(broken.Type(fixture), test);

            TestContext.Out.WriteLine($"{mutant.Rule} => {failure?.Split('\n')[0]}");
            Assert.That(failure, Is.Not.Null.And.Contains(words));
            var whole = _failuresOfWhole.GetOrAdd((fixture, test), _ => new(() => FailureOf(_whole.Value.Type(fixture), test)));
            Assert.That(whole.Value, Is.Null, "It also fails in the unbroken version.");
        }
        finally
        {
            broken.Unload();
        }
    }

    /// <summary>What a test says in a broken one, without telling it of the test that is run here.</summary>
    private static string? FailureOf(Type fixture, string test)
    {
        var (name, arguments) = test.Split('(', ')') is [var method, var values, ""] ? (method, values.Split("; ")) : (test, []);
        var found = fixture.GetMethod(name)!;
        Assert.That(arguments, Has.Length.EqualTo(found.GetParameters().Length), test);
        var instance = Activator.CreateInstance(fixture);
        using (new TestExecutionContext.IsolatedContext())
        {
            try
            {
                var parameters = found.GetParameters().Zip(arguments, (parameter, value) =>
                    Convert.ChangeType(value, parameter.ParameterType, CultureInfo.InvariantCulture));
                (found.Invoke(instance, [.. parameters]) as Task)?.GetAwaiter().GetResult();
                return null;
            }
            catch (Exception exception)
            {
                return (exception is TargetInvocationException ? exception.InnerException! : exception).Message;
            }
            finally
            {
                (instance as IDisposable)?.Dispose();
            }
        }
    }
}
