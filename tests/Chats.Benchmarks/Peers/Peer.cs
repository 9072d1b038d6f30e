namespace YandexMarket.Chats.Benchmarks.Peers;

/// <summary>
/// One client that makes the two calls. It returns the client's own task, without a wrapper; results are looked at only when nothing is measured.
/// </summary>
internal abstract class Peer
{
    public const string Key = "ACMA:0123456789012345678901234567890123456789:01234567";

    protected const long BusinessId = 123456;
    protected const long ChatId = 7654321;
    protected const long MessageId = 987654321;

    public abstract Task ReadAsync();

    public abstract Task SendAsync(string text);

    /// <summary>The result of a read, as text that is equal for equal results.</summary>
    public abstract string Describe(Task read);

    /// <summary>The content of an error, as text that is equal for equal errors.</summary>
    public abstract string Describe(Exception error);
}

/// <summary>A client whose results are the models that somebody writes by hand.</summary>
internal abstract class DtoPeer : Peer
{
    public override string Describe(Task read) => ((Task<MessageDto>)read).Result.ToString();

    public override string Describe(Exception error) => ((DtoException)error).ToString();
}

/// <summary>An HttpClient whose headers are set once.</summary>
internal abstract class HttpPeer : DtoPeer
{
    protected HttpPeer(HttpMessageHandler handler, Uri address)
    {
        Http = new HttpClient(handler);
        Address = address.AbsoluteUri;
        Http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        Http.DefaultRequestHeaders.Add("Api-Key", Key);
    }

    protected HttpClient Http { get; }

    protected string Address { get; }
}
