using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

/// <summary>Records an answer and then sends it, with the headers that all answers have.</summary>
internal sealed class AnswerWriter(EmulatorState state)
{
    public Task WriteAsync(Call call, Answer answer)
    {
        call.LeavePlace();
        state.Requests.Add(call.ToRecord(answer.Status, answer));
        return WriteRecordedAsync(call, answer);
    }

    public Task WriteRecordedAsync(Call call, Answer answer)
    {
        WriteHead(call, answer);
        call.LeavePlace();
        return call.Http.Response.BodyWriter.WriteAsync(answer.Body).AsTask();
    }

    public void WriteHead(Call call, Answer answer)
    {
        var response = call.Http.Response;
        response.StatusCode = answer.Status;
        var headers = response.Headers;
        headers.ContentType = answer.ContentType;
        headers.ContentLength = answer.Body.Length;
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

        if (answer.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers.Allow = "GET, POST";
        }
        else if (answer.Status == 420)
        {
            // No standard knows 420, so Kestrel has no words for it.
            call.Http.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Enhance Your Calm";
        }
    }

    private static string Rfc1123(DateTimeOffset time) => time.ToString("R", CultureInfo.InvariantCulture);
}
