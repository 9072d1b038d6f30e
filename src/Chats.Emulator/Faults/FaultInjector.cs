using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

/// <summary>Applies a fault to a call. The call is recorded first, so that a caller who was cut off finds it in the record.</summary>
internal static class FaultInjector
{
    private static readonly byte[] _garbage = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, 0x00, 0xff, .. "no HTTP at all\n"u8];
    private static readonly byte[] _html = "<!doctype html><html><title>Oops!</title><body>Are you a robot?</body></html>\n"u8.ToArray();
    private static readonly byte[] _empty = "{}"u8.ToArray();

    public static async Task ApplyAsync(Call call, ChatsFault fault)
    {
        call.Record.Fault = fault;
        var response = fault.IsAfterDelivery ? await ChatService.RespondAsync(call).ConfigureAwait(false) : null;
        await (fault.Kind switch
        {
            ChatsFaultKind.ResponseLost => CloseAsync(call, response, default),
            ChatsFaultKind.Garbage => CloseAsync(call, response, _garbage),
            ChatsFaultKind.ConnectionReset => ResetAsync(call, response),
            ChatsFaultKind.Stall => StallAsync(call, response, fault.Duration),
            ChatsFaultKind.SlowDrip => DripAsync(call, response!, fault.Duration.GetValueOrDefault()),
            ChatsFaultKind.TruncatedBody => TruncateAsync(call, response ?? ServiceResponse.Ok),
            _ => call.SendAsync(Replacement(fault) with { Delivered = response?.Delivered }),
        }).ConfigureAwait(false);
    }

    /// <summary>What the caller gets instead of the service's response.</summary>
    private static ServiceResponse Replacement(ChatsFault fault) => fault.Kind switch
    {
        ChatsFaultKind.HtmlPage => new ServiceResponse(200, _html) { ContentType = "text/html; charset=utf-8" },
        ChatsFaultKind.InternalServerError => ErrorResponses.InternalError,
        ChatsFaultKind.ServiceUnavailable => ErrorResponses.Unavailable,
        ChatsFaultKind.ErrorEnvelope => ErrorResponses.ErrorWithStatus200,
        ChatsFaultKind.MissingStatus => new ServiceResponse(200, _empty),
        ChatsFaultKind.Response when fault.Own is var (status, body, contentType) =>
            new ServiceResponse(status, Encoding.UTF8.GetBytes(body)) { ContentType = contentType },
        _ => throw new NotSupportedException($"The fault {fault.Kind} is not implemented."),
    };

    /// <summary>Sends raw bytes on the call's socket, where Kestrel has written nothing yet, and closes the connection normally.</summary>
    private static async Task CloseAsync(Call call, ServiceResponse? response, ReadOnlyMemory<byte> bytes)
    {
        call.Keep(null, response);
        try
        {
            var socket = call.Http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
            await socket.SendAsync(bytes, call.Emulator.Stopping).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The caller has disconnected.
        }

        // Closing now could become a reset, which would destroy bytes that the caller has not read yet: the caller closes first.
        await call.DelayAsync(Timeout.InfiniteTimeSpan).ConfigureAwait(false);
    }

    /// <summary>Kestrel aborts a connection with a reset.</summary>
    private static Task ResetAsync(Call call, ServiceResponse? response)
    {
        call.Keep(null, response);
        call.Http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>A stalled call counts as a parallel call, as in a slow service, and is rejected at once if there are too many.</summary>
    private static async Task StallAsync(Call call, ServiceResponse? response, TimeSpan? duration)
    {
        if (response is null && call.Business is { } business && ChatService.Begin(call, business) is { } refusal)
        {
            await call.SendAsync(refusal).ConfigureAwait(false);
            return;
        }

        // Recorded before the wait, unless the service handles the call after it.
        if (response is not null || duration is null)
        {
            call.Keep(duration is null ? null : response!.Status, response, isInProgress: true);
        }

        await call.DelayAsync(duration ?? Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await (response is not null
            ? call.SendRecordedAsync(response)
            : call.SendAsync(await ChatService.RespondAsync(call).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task DripAsync(Call call, ServiceResponse response, TimeSpan pause)
    {
        call.Keep(response.Status, response, isInProgress: true);
        call.WriteHead(response);
        var body = call.Http.Response.BodyWriter;
        await body.FlushAsync(call.Emulator.Stopping).ConfigureAwait(false);
        for (var i = 0; i < response.Body.Length; i++)
        {
            await call.DelayAsync(pause).ConfigureAwait(false);
            if (i == response.Body.Length - 1)
            {
                call.End();
            }

            await body.WriteAsync(response.Body.Slice(i, 1), call.Emulator.Stopping).ConfigureAwait(false);
        }
    }

    /// <summary>The headers declare the whole body; Kestrel closes the connection normally when the call ends with less.</summary>
    private static async Task TruncateAsync(Call call, ServiceResponse response)
    {
        call.Keep(response.Status, response);
        call.WriteHead(response);
        await call.Http.Response.BodyWriter.WriteAsync(response.Body[..(response.Body.Length / 2)], call.Emulator.Stopping).ConfigureAwait(false);
    }
}
