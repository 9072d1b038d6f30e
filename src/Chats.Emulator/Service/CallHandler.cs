using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>Takes a call from the wire to its answer and its line in the record.</summary>
internal sealed class CallHandler(EmulatorState state, CancellationToken stopping)
{
    private readonly ChatService _service = new(state);
    private readonly AnswerWriter _writer = new(state);

    public async Task HandleAsync(HttpContext http)
    {
        var route = Route.Of(http.Request.Path.Value ?? "", http.Request.Method);
        var call = new Call(http, route, state.Clock.GetUtcNow());
        try
        {
            var answer = route.Refusal is { } refusal ? Answer.Of(refusal) : await _service.AnswerAsync(call, stopping).ConfigureAwait(false);
            await _writer.WriteAsync(call, answer).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller went away in the middle of the body, or the emulator stops. Nothing was taken: taking comes after the body.
            state.Requests.Add(call.ToRecord(null, null));
            http.Abort();
        }
        finally
        {
            call.LeavePlace();
        }
    }
}
