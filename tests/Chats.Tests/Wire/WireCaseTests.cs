namespace YandexMarket.Chats.Tests.Wire;

/// <summary>The answers of Data, over a real socket.</summary>
public sealed class WireCaseTests : StubFixture
{
    [TestCaseSource(typeof(WireCase), nameof(WireCase.Read), new object[] { "wire-cases.json" })]
    [TestCaseSource(typeof(WireCase), nameof(WireCase.Read), new object[] { "wire-cases.more.json" })]
    public async Task An_answer_is_understood_as_its_case_says(WireCase wire)
    {
        Stub.Answer(wire.Answer);
        using var client = NewClient();

        var outcome = await wire.CallAsync(client);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Expectation.Violations(wire, outcome), Is.Empty);
            Assert.That($"{outcome}", Does.Not.Contain(Key).And.Not.Contain("A text for nobody"));
            Assert.That(Stub.Requests, Has.Count.EqualTo(1));
        }
    }
}
