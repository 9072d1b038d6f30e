using System.Globalization;
using System.Reflection;
using NUnit.Framework.Internal;

namespace YandexMarket.Chats.Hosting.Tests.Mutants;

/// <summary>That each rule's checks bite: with the rule broken in the source, somebody notices.</summary>
[Slow]
internal sealed class MutantTests
{
    private const int Schedules = 2_000;
    private const ulong Seed = 20251121;

    public static IEnumerable<TestCaseData> All => MutantTable.All.Select(mutant => new TestCaseData(mutant).SetArgDisplayNames(mutant.Rule));

    [TestCaseSource(nameof(All))]
    public void Somebody_notices_that(Mutant mutant)
    {
        var broken = BrokenHosting.With(mutant.Edits);
        try
        {
            var heard = mutant.Noticer switch
            {
                (nameof(ScheduleCheck.Promises) or nameof(ScheduleCheck.Businesses), _) => FaultIn(broken, mutant.Noticer.Who, Schedules),
                var (fixture, test) => FailureOf(broken.Type(fixture), test) is { } failure ? $"{test}: {failure}" : "",
            };

            TestContext.Out.WriteLine($"{mutant.Rule} => {heard.Split('\n')[0]}");
            Assert.That(heard, Does.Contain(mutant.Noticer.Words));
        }
        finally
        {
            broken.Unload();
        }
    }

    [Test]
    public void About_an_unbroken_one_nobody_says_anything([Values] bool promises)
    {
        var whole = BrokenHosting.With([]);

        Assert.That(FaultIn(whole, promises ? nameof(ScheduleCheck.Promises) : nameof(ScheduleCheck.Businesses), Schedules / 10), Is.Empty);
        Assert.That(FailureOf(whole.Type(typeof(QuotaLimiterTests).FullName!), nameof(QuotaLimiterTests.Who_came_first_goes_first)), Is.Null);
    }

    /// <summary>Called in a broken one, by reflection.</summary>
    public static string FirstFault(string check, int schedules)
    {
        var passed = (check == nameof(ScheduleCheck.Promises) ? ScheduleCheck.Promises : ScheduleCheck.Businesses)
            .Run(Seed, schedules, shrinks: false, out var broken);
        return passed == schedules ? "" : broken ?? "no words";
    }

    private static string FaultIn(BrokenHosting broken, string check, int schedules) => (string)broken.Type(typeof(MutantTests).FullName!)
        .GetMethod(nameof(FirstFault))!.Invoke(null, [check, schedules])!;

    /// <summary>What a test says in a broken one, without telling it of the test that is run here.</summary>
    private static string? FailureOf(Type fixture, string test)
    {
        var (name, arguments) = test.Split('(', ')') is [var method, var values, ""] ? (method, values.Split(", ")) : (test, []);
        var found = fixture.GetMethod(name)!;
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
            catch (TargetInvocationException exception)
            {
                return exception.InnerException!.Message;
            }
            catch (Exception exception)
            {
                return exception.Message;
            }
            finally
            {
                (instance as IDisposable)?.Dispose();
            }
        }
    }
}
