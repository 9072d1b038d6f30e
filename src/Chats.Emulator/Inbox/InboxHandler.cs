using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static YandexMarket.Chats.Emulator.RefusalException;

namespace YandexMarket.Chats.Emulator;

/// <summary>
/// The inbox page and its small JSON API below <c>/_inbox/</c>, a path that the service does not have. The page polls the state twice a
/// second: a connection kept open for events would have to be ended at every stop, and a browser has only six per address.
/// </summary>
internal sealed class InboxHandler(ChatsEmulator emulator)
{
    private const string Prefix = "/_inbox/";
    private const int MessagesShown = 200;
    private const int CallsShown = 50;
    private const int MaxTextLength = 4096;
    private const int MaxTimes = 1000;
    private const int MaxBodyBytes = 64 * 1024;

    // Numbers are written as strings, because JavaScript cannot represent every id; both are read. With the default escaping a buyer's text stays
    // text even if it is read as HTML by mistake.
    private static readonly JsonSerializerOptions _json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    private readonly InboxPage _page = InboxPage.Load();

    // Shows the page that the emulator was replaced by another one.
    private readonly Guid _instance = Guid.NewGuid();

    public static bool Serves(HttpRequest request) => request.Path.Value is { } path
        && (path.StartsWith(Prefix, StringComparison.Ordinal) || (path == "/" && !IsWrite(request)));

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            CheckOrigin(http.Request);
            await SendAsync(http, 200, await RespondAsync(http.Request).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            await SendAsync(http, exception.StatusCode, new { Error = exception.Message }).ConfigureAwait(false);
        }
    }

    private async Task<object> RespondAsync(HttpRequest request) => (request.Method, request.Path.Value) switch
    {
        ("GET" or "HEAD", "/") => _page,
        ("GET" or "HEAD", Prefix + "state") => ReadState(request.Query),
        ("POST", Prefix + "messages") => await AddMessageAsync(request).ConfigureAwait(false),
        ("POST", Prefix + "faults") => await AddFaultsAsync(request).ConfigureAwait(false),
        ("DELETE", Prefix + "faults") => ClearFaults(),
        (_, Prefix + "state" or Prefix + "messages" or Prefix + "faults") =>
            throw new RefusalException(405, "This address does not support the method."),
        _ => throw new RefusalException(404, "The inbox has no such address."),
    };

    /// <summary>Rejects requests of other sites: any site in a browser on this machine can call a local port.</summary>
    private static void CheckOrigin(HttpRequest request)
    {
        // A site can let its own host name point to 127.0.0.1 and would then be same-origin.
        var isThisMachine = request.Host.Host is "127.0.0.1" or "[::1]" || request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        Require(isThisMachine, 403, "The inbox is only for 127.0.0.1, [::1] and localhost.");

        // "none" is an address that a person typed; tools such as curl do not send the header. A link on another site may lead to the page.
        var isCrossSite = request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none") && request.Path.Value != "/";

        // Every browser sends an Origin with a write.
        var isOwnPage = request.Headers.Origin.ToString().Equals($"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
        Require(!isCrossSite && (isOwnPage || !IsWrite(request)), 403, "The inbox is only for its own page.");
    }

    private async Task SendAsync(HttpContext http, int status, object content)
    {
        var body = content is InboxPage page ? page.Html : JsonSerializer.SerializeToUtf8Bytes(content, _json);
        http.Response.StatusCode = status;
        var headers = http.Response.Headers;
        headers.ContentType = content is InboxPage ? "text/html; charset=utf-8" : "application/json";
        headers.ContentLength = body.Length;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = _page.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Kestrel leaves it out of the response to a HEAD.
        await http.Response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }

    private static bool IsWrite(HttpRequest request) => request.Method is not ("GET" or "HEAD");

    /// <summary>Everything that the page shows, in one response.</summary>
    private object ReadState(IQueryCollection query)
    {
        var (next, random) = emulator.Faults.Planned();
        return new
        {
            Instance = _instance,
            Businesses = emulator.Businesses.Select(business => new
            {
                business.Id,
                CallsInProgress = business.CallsInProgress,
                AtOnce = emulator.Options.ParallelLimit,
                Reads = business.QuotaOf(EmulatedOperation.GetChatMessage)?.Read(),
                Sends = business.QuotaOf(EmulatedOperation.SendMessageToChat)?.Read(),
                Chats = business.Chats.Select(chat => new { chat.Id, Messages = chat.MessageCount }),
            }),
            emulator.Requests.Total,
            Delivered = emulator.Requests.TotalDelivered,
            Calls = emulator.Requests.TakeLast(CallsShown).Reverse(),
            Faults = new
            {
                emulator.Faults.AppliedCount,
                random.Probability,
                Random = random.Faults is [var only] ? only : null,
                Next = next.CountBy(planned => planned).Select(planned => new { planned.Key.Fault, planned.Key.Operation, Times = planned.Value }),
            },
            Messages = FindChat(Number(query["business"]), Number(query["chat"]))?.NewestAfter(Number(query["after"]), MessagesShown),
        };
    }

    private async Task<object> AddMessageAsync(HttpRequest request)
    {
        var body = await ReadAsync<MessageBody>(request).ConfigureAwait(false);
        Require(!string.IsNullOrWhiteSpace(body.Text), 400, "text must not be blank.");
        Require(body.Text.Length <= MaxTextLength, 400, $"text must have at most {MaxTextLength} characters.");
        var chat = FindChat(body.Business, body.Chat) ?? throw new RefusalException(404, "There is no such chat.");
        return chat.Receive(body.Text);
    }

    private async Task<object> AddFaultsAsync(HttpRequest request)
    {
        var body = await ReadAsync<FaultBody>(request).ConfigureAwait(false);
        Require(body.Times is null != body.Probability is null, 400, "Specify either times or probability.");
        Require(body.Times is null or (>= 1 and <= MaxTimes), 400, $"times must be from 1 to {MaxTimes}.");
        Require(body.Probability is null or (>= 0 and <= 1), 400, "probability must be from 0 to 1.");
        Require(body.Probability is null || body.Operation is null, 400, "Random faults apply to both operations.");
        ChatsFault[] offered = [.. ChatsFault.All, ChatsFault.Stall, ChatsFault.Stall.AfterDelivery(), ChatsFault.SlowDrip];
        ChatsFault[] faults = body.Fault is null
            ? [.. ChatsFault.All]
            : Array.FindAll(offered, fault => (fault.Name, fault.IsAfterDelivery) == (body.Fault, body.AfterDelivery));
        Require(faults.Length > 0, 400, "There is no such fault, or not before delivery.");
        if (body.Probability is { } probability)
        {
            emulator.Faults.Random(Random.Shared.Next(), probability, faults);
        }

        foreach (var fault in Random.Shared.GetItems(faults, body.Times ?? 0))
        {
            emulator.Faults.Next(fault, operation: body.Operation);
        }

        return emulator.Faults;
    }

    private ChatsFaults ClearFaults()
    {
        emulator.Faults.Clear();
        return emulator.Faults;
    }

    /// <summary>The type is checked because a form of another site can send any other type without a preflight request.</summary>
    private async Task<T> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        Require(request.HasJsonContentType(), 415, "Send application/json.");

        // Reading more throws a BadHttpRequestException with 413.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBodyBytes;
        try
        {
            return await request.ReadFromJsonAsync<T>(_json, emulator.Stopping).ConfigureAwait(false)
                ?? throw new RefusalException(400, "Send an object.");
        }
        catch (JsonException exception)
        {
            throw new RefusalException(400, $"The body is invalid at {exception.Path ?? "$"}.");
        }
    }

    private EmulatedChat? FindChat(long business, long chat) => emulator.FindBusiness(business)?.FindChat(chat);

    private static long Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private sealed record MessageBody(long Business, long Chat, string Text);

    // Without a fault any of ChatsFault.All.
    private sealed record FaultBody(
        string? Fault, bool AfterDelivery = false, int? Times = null, double? Probability = null, EmulatedOperation? Operation = null);
}
