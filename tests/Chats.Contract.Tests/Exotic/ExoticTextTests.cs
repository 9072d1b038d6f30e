using YandexMarket.Chats.Contract.Tests.Harness;

namespace YandexMarket.Chats.Contract.Tests.Exotic;

/// <summary>Texts of the contract that end up in C#: none of them can break out of its place.</summary>
[Slow]
internal sealed class ExoticTextTests
{
    private static readonly string[] _places =
    [
        "  title: Yandex Market Partner API, buyers' chats\n",
        "  version: 2.0.0\n",
        "  communication: Talking to buyers.\n",
        "      summary: Sends a text to the buyer of a chat.\n",
        "      description: The id of the chat.\n",
        "          description: The message.\n",
        "      description: What every response of the service has in common.\n",
        "      description: A file of a message.\n",
        "          description: The text for the buyer.\n",
        "          description: The name of the file. It may be empty.\n",
    ];

    private static ChangedContract Real => ChangedContract.Unchanged;

    [TestCase("' <b>&amp; & \"quoted\" </summary> '")]
    [TestCase("'*/ ; } #error x'")]
    [TestCase("'#if x'")]
    [TestCase("'{0} {{ x }} {% y %}'")]
    [TestCase("'\\ \\u0041 \\'")]
    [TestCase("\"a\\nb\\n\\n#error c\"")]
    [TestCase("\"a\\r\\nb\\tc\"")]
    [TestCase("'Покупатель 🙂'")]
    public void Any_text_makes_well_formed_documentation(string text)
    {
        var contract = _places.Aggregate(
            Real,
            (changed, place) => changed.With(place, $"{place[..place.IndexOf(':', StringComparison.Ordinal)]}: {text}\n"));

        Assert.That(contract.Generate().Complaints(), Is.Empty);
    }

    [Test]
    public void A_description_with_markup_is_shown_as_it_stands()
    {
        var compiled = Real.With("      description: The id of the chat.\n", "      description: 'See <https://example.org?a=1&b=2>, or \"chats\".'\n").Compile();

        Assert.That(
            compiled.DocumentationOf("SendMessageToChatAsync"),
            Does.Contain("See &lt;https://example.org?a=1&amp;b=2&gt;, or \"chats\"."));
    }

    [Test]
    public void Scopes_may_have_dots_and_digits()
    {
        var scopes = Real.WithAfter("x-scopes:\n", "  chats.v2:read_only: Reading.\n").Compile().Type("ChatsScopes");

        Assert.That(scopes.GetField("ChatsV2ReadOnly")!.GetValue(null), Is.EqualTo("chats.v2:read_only"));
    }
}
