using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace YandexMarket.Chats.Emulator;

/// <summary>Applies a fault to a call. The call is recorded first, so that a caller who was cut off finds it in the record.</summary>
internal static class FaultInjector
{
    private static readonly byte[] _garbage = [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46, 0x00, 0xff, .. "no HTTP at all\n"u8];

    public static async Task ApplyAsync(Call call, ChatsFault fault)
    {
        call.Record.Fault = fault;
        var response = fault.IsAfterDelivery ? await ChatService.RespondAsync(call).ConfigureAwait(false) : null;
        await (fault.Name switch
        {
            nameof(ChatsFault.ResponseLost) => CloseAsync(call, response, default),
            nameof(ChatsFault.Garbage) => CloseAsync(call, response, _garbage),
            nameof(ChatsFault.ConnectionReset) => ResetAsync(call, response),
            nameof(ChatsFault.Stall) => StallAsync(call, response, fault.Duration),
            nameof(ChatsFault.SlowDrip) => DripAsync(call, response!, fault.Duration.GetValueOrDefault()),
            nameof(ChatsFault.TruncatedBody) => call.SendAsync(response ?? ServiceResponse.Ok, isTruncated: true),
            _ => call.SendAsync(fault.Replacement! with { Delivered = response?.Delivered }),
        }).ConfigureAwait(false);
    }

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
            await call.SendAsync(ServiceResponse.Of(refusal)).ConfigureAwait(false);
            return;
        }

        // Recorded before the wait, unless the service handles the call after it.
        if (response is not null || duration is null)
        {
            call.Keep(duration is null ? null : response!.Status, response, isInProgress: true);
        }

        await call.DelayAsync(duration ?? Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await call.SendAsync(response ?? await ChatService.RespondAsync(call).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task DripAsync(Call call, ServiceResponse response, TimeSpan pause)
    {
        call.Keep(response.Status, response, isInProgress: true);
        call.WriteHead(response);
        var writer = call.Http.Response.BodyWriter;
        await writer.FlushAsync(call.Emulator.Stopping).ConfigureAwait(false);
        var body = Encoding.UTF8.GetBytes(response.Body);
        for (var i = 0; i < body.Length; i++)
        {
            await call.DelayAsync(pause).ConfigureAwait(false);
            if (i == body.Length - 1)
            {
                call.End();
            }

            await writer.WriteAsync(body.AsMemory(i, 1), call.Emulator.Stopping).ConfigureAwait(false);
        }
    }
}
