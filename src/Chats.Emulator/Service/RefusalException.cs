using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace YandexMarket.Chats.Emulator;

/// <summary>Ends a call, or a request of the inbox page, with this error.</summary>
internal sealed class RefusalException(int status, string message) : BadHttpRequestException(message, status)
{
    /// <summary>The message for the emulator's record, which does not quote the caller.</summary>
    public string Recorded { get; init; } = message;

    public static void Require([DoesNotReturnIf(false)] bool condition, int status, string message)
    {
        if (!condition)
        {
            throw new RefusalException(status, message);
        }
    }
}
