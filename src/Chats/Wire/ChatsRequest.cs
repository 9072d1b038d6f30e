namespace YandexMarket.Chats.Wire;

/// <summary>A request of the client. Its type is how message handlers recognise the operation.</summary>
internal sealed class ChatsRequest : HttpRequestMessage
{
    // .NET Framework makes a new address for every answer, so that there only its value can be compared.
    private static readonly bool _addressesAreKept = typeof(object).Assembly.GetName().Name != "mscorlib";

    private readonly Uri _address;
    private readonly RequestBody? _body;

    public ChatsRequest(ChatsOperation operation, string url, IJsonModel? body)
        : base(operation.Method, new Uri(url))
    {
        Operation = operation;
        _address = RequestUri!;
        Content = _body = body is null ? null : new RequestBody(body);
    }

    public ChatsOperation Operation { get; }

    /// <summary>Whether the service may have taken a message, as long as no answer says more. Without a body there is no telling.</summary>
    public bool MayHaveLeft => !Operation.IsRead && _body is not { WasAsked: false };

    public void AddHeaders(string apiKey, string? integration)
    {
        // All of it was checked or is known to be good: nothing is left to validate, or to make objects of.
        Headers.TryAddWithoutValidation("Accept", "application/json");
        Headers.TryAddWithoutValidation(ChatsContract.ApiKeyHeader, apiKey);
        if (integration is not null)
        {
            Headers.TryAddWithoutValidation("X-Market-Integration", integration);
        }
    }

    /// <summary>
    /// Whether somebody sent the request, and with it the key, to another address, or once more to the same one: a redirect that is
    /// followed makes a new address, and of some sends a read.
    /// </summary>
    public bool WasRerouted(HttpResponseMessage response)
    {
        var last = response.RequestMessage ?? this;
        return last.Method != Operation.Method || !(_addressesAreKept ? ReferenceEquals(last.RequestUri, _address) : last.RequestUri == _address);
    }
}
