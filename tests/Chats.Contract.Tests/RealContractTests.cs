using System.Runtime.Serialization;
using Newtonsoft.Json;

namespace YandexMarket.Chats.Contract.Tests;

/// <summary>
/// What the vendor's pages say stands here once more, by hand, so that nobody changes it in the contract without a thought. The compiled
/// client is compared, which follows the contract (<see cref="ChangeTests"/>); its bounds and its address are tested where it is called.
/// </summary>
internal sealed class RealContractTests
{
    [Test]
    public void The_operations_and_their_statuses_and_the_scopes()
    {
        string[] statuses = ["200", "400", "401", "403", "404", "420", "500"];

        Assert.That(ChatsOperations.All.Select(it => $"{it.Id}: {it.Method} {it.Path}, {it.QuotaPerHour} an hour, {string.Join(' ', it.RequiredScopes)}"), Is.EqualTo([
            "getChatMessage: GET /businesses/{businessId}/chats/message, 1000 an hour, communication all-methods all-methods:read-only",
            "sendMessageToChat: POST /businesses/{businessId}/chats/message, 1000 an hour, communication all-methods",
        ]));
        Assert.That(
            typeof(ChatsScopes).GetFields().Select(field => field.GetValue(null)),
            Is.EqualTo(["communication", "all-methods", "all-methods:read-only"]));
        Assert.That(
            Regex.Matches(ChangedContract.Unchanged.Text, "(?m)^        '(.+)':").Select(match => match.Groups[1].Value),
            Is.EqualTo([.. statuses, .. statuses]));
    }

    [TestCase(typeof(ChatMessage), "messageId!, createdAt!, sender!, message, payload")]
    [TestCase(typeof(ChatMessagePayload), "name!, url!, size!")]
    [TestCase(typeof(ApiError), "code!, message")]
    public void The_members_of_a_model_and_which_are_required(Type model, string members) => Assert.That(
        string.Join(", ", model.GetProperties().Select(property => property.GetCustomAttribute<JsonPropertyAttribute>()!)
            .Select(json => json.PropertyName + (json.Required == Required.Always ? "!" : ""))),
        Is.EqualTo(members));

    [Test]
    public void The_senders_and_Unknown()
    {
        var fields = typeof(ChatMessageSender).GetFields(BindingFlags.Public | BindingFlags.Static);

        Assert.That(fields.Select(field => $"{field.Name}: {field.GetCustomAttribute<EnumMemberAttribute>()?.Value}"),
            Is.EqualTo(["Unknown: ", "Partner: PARTNER", "Customer: CUSTOMER", "Market: MARKET", "Support: SUPPORT"]));
        Assert.That((int)ChatMessageSender.Unknown, Is.Zero);
    }
}
