namespace YandexMarket.Chats.Emulator;

/// <summary>Handles the calls that a fault strikes. The record comes first, so that a caller who was cut off finds it written.</summary>
internal sealed class FaultInjector(EmulatorState state, ChatService service, AnswerWriter writer, CancellationToken stopping)
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
        var answer = fault.TakesMessage ? await service.AnswerAsync(call, stopping).ConfigureAwait(false) : null;
        var taken = answer?.Taken;
        await (fault.Kind switch
        {
            ChatsFaultKind.AnswerLost => CloseAsync(call, answer, default),
            ChatsFaultKind.Garbage => CloseAsync(call, answer, _garbage),
            ChatsFaultKind.ConnectionReset => ResetAsync(call, answer),
            ChatsFaultKind.Stall when fault.Duration is { } duration => PauseAsync(call, answer, duration),
            ChatsFaultKind.Stall => StallAsync(call, answer),
            ChatsFaultKind.SlowDrip => DripAsync(call, answer!, fault.Duration.GetValueOrDefault()),
            ChatsFaultKind.TruncatedBody => TruncateAsync(call, answer ?? new Answer(200, _ok)),
            ChatsFaultKind.HtmlPage => writer.WriteAsync(call, new Answer(200, _html) { ContentType = Html, Taken = taken }),
            ChatsFaultKind.InternalServerError => FailAsync(call, Answer.Of(Refusals.InternalError, taken)),
            ChatsFaultKind.ServiceUnavailable => FailAsync(call, Answer.Of(Refusals.Unavailable, taken)),
            ChatsFaultKind.ErrorEnvelope => writer.WriteAsync(call, new Answer(200, _error) { Taken = taken }),
            ChatsFaultKind.MissingStatus => writer.WriteAsync(call, new Answer(200, _empty) { Taken = taken }),
            _ => throw new NotSupportedException($"No code for the fault {fault}."),
        }).ConfigureAwait(false);
    }

    private Task CloseAsync(Call call, Answer? answer, ReadOnlyMemory<byte> bytes)
    {
        Record(call, null, answer);
        return RawConnection.CloseAsync(call.Http, bytes, stopping);
    }

    private Task ResetAsync(Call call, Answer? answer)
    {
        Record(call, null, answer);
        RawConnection.Reset(call.Http);
        return Task.CompletedTask;
    }

    /// <summary>A stalled call keeps its place among those at once: that is how a slow service meets its own limit.</summary>
    private async Task StallAsync(Call call, Answer? answer)
    {
        state.Requests.Add(call.ToRecord(null, answer));
        await RawConnection.UntilGoneAsync(call.Http, stopping).ConfigureAwait(false);
        call.LeavePlace();
        call.Http.Abort();
    }

    private async Task PauseAsync(Call call, Answer? answer, TimeSpan duration)
    {
        if (answer is not null)
        {
            state.Requests.Add(call.ToRecord(answer.Status, answer));
            await DelayAsync(call, duration).ConfigureAwait(false);
            await writer.WriteRecordedAsync(call, answer).ConfigureAwait(false);
            return;
        }

        await DelayAsync(call, duration).ConfigureAwait(false);
        answer = await service.AnswerAsync(call, stopping).ConfigureAwait(false);
        await writer.WriteAsync(call, answer).ConfigureAwait(false);
    }

    private async Task DripAsync(Call call, Answer answer, TimeSpan pause)
    {
        state.Requests.Add(call.ToRecord(answer.Status, answer));
        writer.WriteHead(call, answer);
        var body = call.Http.Response.BodyWriter;
        await body.FlushAsync(stopping).ConfigureAwait(false);
        for (var i = 0; i < answer.Body.Length; i++)
        {
            await DelayAsync(call, pause).ConfigureAwait(false);
            if (i == answer.Body.Length - 1)
            {
                call.LeavePlace();
            }

            await body.WriteAsync(answer.Body.Slice(i, 1), stopping).ConfigureAwait(false);
        }
    }

    /// <summary>The head promises the whole body; Kestrel closes the connection in good order when the call ends with less.</summary>
    private async Task TruncateAsync(Call call, Answer answer)
    {
        Record(call, answer.Status, answer);
        writer.WriteHead(call, answer);
        await call.Http.Response.BodyWriter.WriteAsync(answer.Body[..(answer.Body.Length / 2)], stopping).ConfigureAwait(false);
    }

    private Task FailAsync(Call call, Answer answer)
    {
        if (call.Counted)
        {
            call.Quota = call.Business!.Limits.QuotaOf(call.Operation)!.GiveBack(call.Quota.GetValueOrDefault());
        }

        return writer.WriteAsync(call, answer);
    }

    private void Record(Call call, int? status, Answer? answer)
    {
        call.LeavePlace();
        state.Requests.Add(call.ToRecord(status, answer));
    }

    /// <summary>Throws OperationCanceledException when the caller gives up or the emulator stops: the handler ends the call then.</summary>
    private async Task DelayAsync(Call call, TimeSpan duration)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(call.Http.RequestAborted, stopping);
        await Task.Delay(duration, state.Clock, gone.Token).ConfigureAwait(false);
    }
}
