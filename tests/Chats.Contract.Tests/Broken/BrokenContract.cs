using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Broken;

/// <summary>A contract that must stop the build, and the words that whoever broke it gets to read.</summary>
internal sealed record BrokenContract(string Name, Func<ChangedContract, ChangedContract> Change, string Words)
{
    public static implicit operator TestCaseData(BrokenContract broken) => new TestCaseData(broken).SetArgDisplayNames(broken.Name);
}
