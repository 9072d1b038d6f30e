namespace YandexMarket.Chats.Emulator;

/// <summary>Handles the calls that a fault strikes. The record comes first, so that a caller who was cut off finds it written.</summary>
internal sealed class FaultInjector(EmulatorState state, ChatService service, ResponseWriter writer, CancellationToken stopping)
{
    private const string Html = "text/html; charset=utf-8";

    private static readonly byte[] _garbage = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, 0x00, 0xff, .. "no HTTP at all\n"u8];
    private static readonly byte[] _html = "<!doctype html><html><title>Oops!</title><body>Are you a robot?</body></html>\n"u8.ToArray();
    private static readonly byte[] _error = """{"status":"ERROR","errors":[{"code":"OTHER","message":"Failed"}]}"""u8.ToArray();
    private static readonly byte[] _ok = """{"status":"OK"}"""u8.ToArray();
    private static readonly byte[] _empty = "{}"u8.ToArray();

    public async Task StrikeAsync(Call call, ChatsFault fault)
    {
        call.Fault = fault;
        var response = fault.TakesMessage ? await service.RespondAsync(call, stopping).ConfigureAwait(false) : null;
        var taken = response?.Taken;
        await (fault.Kind switch
        {
            ChatsFaultKind.ResponseLost => CloseAsync(call, response, default),
            ChatsFaultKind.Garbage => CloseAsync(call, response, _garbage),
            ChatsFaultKind.ConnectionReset => ResetAsync(call, response),
            ChatsFaultKind.Stall when fault.Duration is { } duration => PauseAsync(call, response, duration),
            ChatsFaultKind.Stall => StallAsync(call, response),
            ChatsFaultKind.SlowDrip => DripAsync(call, response!, fault.Duration.GetValueOrDefault()),
            ChatsFaultKind.TruncatedBody => TruncateAsync(call, response ?? new ServiceResponse(200, _ok)),
            ChatsFaultKind.HtmlPage => writer.WriteAsync(call, new ServiceResponse(200, _html) { ContentType = Html, Taken = taken }),
            ChatsFaultKind.InternalServerError => FailAsync(call, ServiceResponse.Of(Refusals.InternalError, taken)),
            ChatsFaultKind.ServiceUnavailable => FailAsync(call, ServiceResponse.Of(Refusals.Unavailable, taken)),
            ChatsFaultKind.ErrorEnvelope => writer.WriteAsync(call, new ServiceResponse(200, _error) { Taken = taken }),
            ChatsFaultKind.MissingStatus => writer.WriteAsync(call, new ServiceResponse(200, _empty) { Taken = taken }),
            _ => throw new NotSupportedException($"No code for the fault {fault}."),
        }).ConfigureAwait(false);
    }

    private Task CloseAsync(Call call, ServiceResponse? response, ReadOnlyMemory<byte> bytes)
    {
        Record(call, null, response);
        return RawConnection.CloseAsync(call.Http, bytes, stopping);
    }

    private Task ResetAsync(Call call, ServiceResponse? response)
    {
        Record(call, null, response);
        RawConnection.Reset(call.Http);
        return Task.CompletedTask;
    }

    /// <summary>A stalled call keeps its place among those at once: that is how a slow service meets its own limit.</summary>
    private async Task StallAsync(Call call, ServiceResponse? response)
    {
        state.Requests.Add(call.ToRecord(null, response));
        await RawConnection.UntilGoneAsync(call.Http, stopping).ConfigureAwait(false);
        call.LeavePlace();
        call.Http.Abort();
    }

    private async Task PauseAsync(Call call, ServiceResponse? response, TimeSpan duration)
    {
        if (response is not null)
        {
            state.Requests.Add(call.ToRecord(response.Status, response));
            await DelayAsync(call, duration).ConfigureAwait(false);
            await writer.WriteRecordedAsync(call, response).ConfigureAwait(false);
            return;
        }

        await DelayAsync(call, duration).ConfigureAwait(false);
        response = await service.RespondAsync(call, stopping).ConfigureAwait(false);
        await writer.WriteAsync(call, response).ConfigureAwait(false);
    }

    private async Task DripAsync(Call call, ServiceResponse response, TimeSpan pause)
    {
        state.Requests.Add(call.ToRecord(response.Status, response));
        writer.WriteHead(call, response);
        var body = call.Http.Response.BodyWriter;
        await body.FlushAsync(stopping).ConfigureAwait(false);
        for (var i = 0; i < response.Body.Length; i++)
        {
            await DelayAsync(call, pause).ConfigureAwait(false);
            if (i == response.Body.Length - 1)
            {
                call.LeavePlace();
            }

            await body.WriteAsync(response.Body.Slice(i, 1), stopping).ConfigureAwait(false);
        }
    }

    /// <summary>The head promises the whole body; Kestrel closes the connection in good order when the call ends with less.</summary>
    private async Task TruncateAsync(Call call, ServiceResponse response)
    {
        Record(call, response.Status, response);
        writer.WriteHead(call, response);
        await call.Http.Response.BodyWriter.WriteAsync(response.Body[..(response.Body.Length / 2)], stopping).ConfigureAwait(false);
    }

    private Task FailAsync(Call call, ServiceResponse response)
    {
        if (call.Counted)
        {
            call.Quota = call.Business!.Limits.QuotaOf(call.Operation)!.GiveBack(call.Quota.GetValueOrDefault());
        }

        return writer.WriteAsync(call, response);
    }

    private void Record(Call call, int? status, ServiceResponse? response)
    {
        call.LeavePlace();
        state.Requests.Add(call.ToRecord(status, response));
    }

    /// <summary>Throws OperationCanceledException when the caller cancels or the emulator stops: the handler ends the call then.</summary>
    private async Task DelayAsync(Call call, TimeSpan duration)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, stopping);
        await Task.Delay(duration, state.Clock, gone.Token).ConfigureAwait(false);
    }
}
