using System.Reflection;
using NUnit.Framework.Internal;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>Every rule is checked by something: with the rule broken in the source, that check or test fails.</summary>
[Slow]
internal sealed class MutantTests
{
    private const int Schedules = 2_000;
    private const ulong Seed = 20251121;

    private static readonly Lazy<BrokenHosting> _whole = new(() => BrokenHosting.With([]));

    public static IEnumerable<TestCaseData> All => MutantTable.All.Select(mutant => new TestCaseData(mutant).SetArgDisplayNames(mutant.Rule));

    [TestCaseSource(nameof(All))]
    public void A_check_fails_if_a_rule_is_broken(Mutant mutant)
    {
        var broken = BrokenHosting.With(mutant.Edits);
        try
        {
            var failure = FailureOf(broken, mutant.Noticer, Schedules);

            TestContext.Out.WriteLine($"{mutant.Rule} => {failure?.Split('\n')[0]}");
            Assert.That(failure, Does.Contain(mutant.Noticer.Words));
            if (mutant.Noticer.IsTest)
            {
                Assert.That(FailureOf(_whole.Value, mutant.Noticer, Schedules), Is.Null, "It also fails in the unbroken version.");
            }
        }
        finally
        {
            broken.Unload();
        }
    }

    [Test]
    public void No_schedule_fails_in_the_unbroken_version([Values] bool promises) =>
        Assert.That(FailureOf(_whole.Value, promises ? Noticer.Promises("") : Noticer.Businesses(""), Schedules / 10), Is.Null);

    /// <summary>Called in a broken one, by reflection.</summary>
    public static string? FirstFault(string check, int schedules) =>
        (check == nameof(ScheduleCheck.Promises) ? ScheduleCheck.Promises : ScheduleCheck.Businesses).FirstFault(Seed, schedules, shrinks: false);

    private static string? FailureOf(BrokenHosting broken, Noticer noticer, int schedules) =>
        !noticer.IsTest ? (string?)broken.Type(typeof(MutantTests).FullName!).GetMethod(nameof(FirstFault))!.Invoke(null, [noticer.Who, schedules])
        : FailureOf(broken.Type(noticer.Who), noticer.Words) is { } failure ? $"{noticer.Words}: {failure}"
        : null;

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
