namespace YandexMarket.Chats.PublicApi.Tests;

/// <summary>What consumers can see stands in git, beside the code, and so in every review.</summary>
public sealed class ListingTests
{
    private static IEnumerable<TestCaseData> Libraries =>
        Library.All.Select(library => new TestCaseData(library).SetArgDisplayNames($"{library}"));

    [TestCaseSource(nameof(Libraries))]
    public void What_a_library_offers_is_what_git_says(object library)
    {
        var it = (Library)library;

        Assert.That(Approval.Differs(it.ListingFile, it.Listing(), Approval.IsCheck), Is.Null);
    }

    [TestCase("Chats")]
    [TestCase("Chats.Hosting")]
    public void Both_frameworks_offer_the_same(string project)
    {
        var listings = Library.All.Where(library => library.Project == project)
            .Select(library => $"{new ApiListing(library.Symbol())}").ToList();

        Assert.That(listings, Has.Count.EqualTo(2));
        Assert.That(listings[1], Is.EqualTo(listings[0]));
    }
}
