using System.Net.Sockets;
using System.Security.Authentication;

namespace YandexMarket.Chats.Wire;

internal static class NetworkFailure
{
    /// <summary>Whether an exception can be caused by the network, so that another attempt may succeed.</summary>
    public static bool Is(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or SocketException or AuthenticationException
        // From a body whose connection was closed while it was read, by a handler or by Dispose.
        || exception is ObjectDisposedException { ObjectName: not "System.Net.Http.HttpClient" };
}
