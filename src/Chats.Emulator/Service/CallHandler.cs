using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>Takes a call from the wire to its response and its line in the record.</summary>
internal sealed class CallHandler
{
    private readonly EmulatorState _state;
    private readonly CancellationToken _stopping;
    private readonly ChatService _service;
    private readonly ResponseWriter _writer;
    private readonly FaultInjector _faults;
    private readonly InboxHandler? _inbox;

    public CallHandler(EmulatorState state, CancellationToken stopping)
    {
        _state = state;
        _stopping = stopping;
        _service = new ChatService(state);
        _writer = new ResponseWriter(state);
        _faults = new FaultInjector(state, _service, _writer, stopping);
        _inbox = state.Options.ServesInbox ? new InboxHandler(state) : null;
    }

    public Task HandleAsync(HttpContext http)
    {
        var route = Route.Of(http.Request.Path.Value ?? "", http.Request.Method);

        // Asked only about what is not a call of the service, so that calls pay nothing for it.
        return route.Refusal is not null && _inbox is not null && InboxHandler.Serves(http.Request)
            ? _inbox.HandleAsync(http, _stopping)
            : HandleAsync(http, route);
    }

    private async Task HandleAsync(HttpContext http, Route route)
    {
        var call = new Call(http, route, _state.Clock.GetUtcNow());
        try
        {
            await (route.Refusal is { } refusal ? _writer.WriteAsync(call, ServiceResponse.Of(refusal))
                : _state.Faults.Draw(call.Operation) is { } fault ? _faults.StrikeAsync(call, fault)
                : RespondAsync(call)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The caller has gone, or the emulator stops. Before the record is written nothing is taken.
            if (!call.Recorded)
            {
                _state.Requests.Add(call.ToRecord(null, null));
            }

            http.Abort();
        }
        finally
        {
            call.LeavePlace();
        }
    }

    private async Task RespondAsync(Call call)
    {
        var response = await _service.RespondAsync(call, _stopping).ConfigureAwait(false);
        await _writer.WriteAsync(call, response).ConfigureAwait(false);
    }
}
