using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

/// <summary>Records a response and then sends it, with the headers that all responses have.</summary>
internal sealed class ResponseWriter(EmulatorState state)
{
    public Task WriteAsync(Call call, ServiceResponse response)
    {
        call.LeavePlace();
        state.Requests.Add(call.ToRecord(response.Status, response));
        return WriteRecordedAsync(call, response);
    }

    public Task WriteRecordedAsync(Call call, ServiceResponse response)
    {
        WriteHead(call, response);
        call.LeavePlace();
        return call.Http.Response.BodyWriter.WriteAsync(response.Body).AsTask();
    }

    public void WriteHead(Call call, ServiceResponse response)
    {
        var http = call.Http.Response;
        http.StatusCode = response.Status;
        var headers = http.Headers;
        headers.ContentType = response.ContentType;
        headers.ContentLength = response.Body.Length;
        headers.TraceParent = call.TraceParent;
        if (!ReferenceEquals(state.Clock, TimeProvider.System))
        {
            // Kestrel's own Date is the machine's: beside another clock's X-RateLimit-Resource-Until it would be a contradiction.
            headers.Date = Rfc1123(state.Clock.GetUtcNow());
        }

        if (call.Quota is { } quota)
        {
            headers["X-RateLimit-Resource-Limit"] = quota.Limit.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Resource-Remaining"] = quota.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Resource-Until"] = Rfc1123(quota.Until);
        }

        if (response.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers.Allow = "GET, POST";
        }
        else if (response.Status == 420)
        {
            // No standard knows 420, so Kestrel has no words for it.
            call.Http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Enhance Your Calm";
        }
    }

    private static string Rfc1123(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}
