namespace YandexMarket.Chats.Contract.Tests.Harness;

/// <summary>Where things stand in the real contract: the changes that many tests make.</summary>
internal static class Changes
{
    private const string ApiError = "    ApiError:\n      type: object\n";

    /// <summary>One more parameter of getChatMessage, as a flow mapping: <c>name: x, in: query, …</c>.</summary>
    public static ChangedContract WithParameter(this ChangedContract contract, string parameter) =>
        contract.WithAfter("        - $ref: '#/components/parameters/messageId'\n", $"        - {{{parameter}}}\n");

    /// <summary>One more property of ChatMessagePayload.</summary>
    public static ChangedContract WithProperty(this ChangedContract contract, string name, string schema) =>
        contract.WithBefore(
            "        name:\n          type: string\n          description: The name of the file.",
            $"        {name}: {schema}\n");

    /// <summary>One more named schema.</summary>
    public static ChangedContract WithSchema(this ChangedContract contract, string name, string schema) =>
        contract.WithBefore(ApiError, $"    {name}: {schema}\n");

    /// <summary>One more property of the body of sendMessageToChat, required.</summary>
    public static ChangedContract WithBodyMember(this ChangedContract contract, string name, string schema) => contract
        .With(
            "      description: The body of sendMessageToChat.\n      required: [",
            $"      description: The body of sendMessageToChat.\n      required: [{name}, ")
        .WithAfter("          description: The text for the buyer.\n", $"        {name}: {schema}\n");

    /// <summary>One more line in sendMessageToChat.</summary>
    public static ChangedContract WithInSend(this ChangedContract contract, string line) =>
        contract.WithAfter("      operationId: sendMessageToChat\n", $"      {line}\n");

    /// <summary>One more line in the good answer of sendMessageToChat.</summary>
    public static ChangedContract WithInSendAnswer(this ChangedContract contract, string line) =>
        contract.WithAfter("          description: The message was sent.\n", $"          {line}\n");

    /// <summary>Another reference in place of the good answer of sendMessageToChat.</summary>
    public static ChangedContract WithSendAnswer(this ChangedContract contract, string schema) =>
        contract.With(
            "              schema:\n                $ref: '#/components/schemas/ApiResponse'\n",
            $"              schema: {schema}\n");
}
