namespace YandexMarket.Chats.Tests.Agreement;

/// <summary>What the client said of a call.</summary>
internal enum Word
{
    /// <summary>It returned: of a send, that it was taken.</summary>
    Returned,

    /// <summary>It threw with <c>MayHaveBeenSent</c> false.</summary>
    NotSent,

    /// <summary>It threw with <c>MayHaveBeenSent</c> true.</summary>
    MayHaveBeenSent,

    /// <summary>It threw something that says nothing.</summary>
    None,
}
