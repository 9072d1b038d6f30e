using System.Net.Sockets;
using System.Security.Authentication;

namespace YandexMarket.Chats.Tests.Failures.Matrix;

/// <summary>Plays a row and tells in what it came out otherwise than the row says.</summary>
internal static class FaultRunner
{
    public static async Task<IReadOnlyList<string>> DifferencesAsync(FaultRow row, bool isRead)
    {
        await using var scene = new Scene(row, isRead);
        var (exception, result) = await PlayAsync(row, scene);
        await scene.DisposeAsync();

        var wrong = new List<string>();
        Check("ends as", isRead ? row.Read : row.Send, How(exception), wrong);
        if (exception is ChatsException failure)
        {
            Check("MayHaveBeenSent", !isRead && row.MayHaveBeenSent, failure.MayHaveBeenSent, wrong);
            Check("Operation", isRead ? ChatsOperations.GetChatMessage : ChatsOperations.SendMessageToChat, failure.Operation, wrong);
        }
        else if (exception is null && isRead)
        {
            Check("text", Canary.Text, result?.Message, wrong);
        }

        CheckWire(row, scene, wrong);
        CheckSilence(exception, wrong);
        Check("timers left", 0, scene.Clock.Waiting, wrong);
        return wrong;
    }

    private static async Task<(Exception? Exception, ChatMessage? Result)> PlayAsync(FaultRow row, Scene scene)
    {
        using var http = row.Http?.Invoke(scene);
        var options = Clients.Options(row.Address(scene), options => (options.Timeout, options.TimeProvider) = (Scene.Deadline, scene.Clock));
        row.Options(options, scene);
        using var client = scene.Client = http is null ? new ChatsClient(options) : new ChatsClient(http, options);
        if (row.AfterGoodCall)
        {
            await CallAsync(client, scene.IsRead, row.Text);
            scene.GoodCallEnded.SetResult();
            await scene.GoodCallOver.Task.WaitAsync(Until.Patience);
        }

        try
        {
            return (null, await CallAsync(client, scene.IsRead, row.Text));
        }
        catch (Exception exception)
        {
            return (exception, null);
        }
    }

    private static async Task<ChatMessage?> CallAsync(ChatsClient client, bool isRead, string text)
    {
        if (isRead)
        {
            return await client.GetChatMessageAsync(1, 2, 3).WaitAsync(Until.Patience);
        }

        await client.SendMessageToChatAsync(1, 2, text).WaitAsync(Until.Patience);
        return null;
    }

    private static Ends How(Exception? exception) => exception switch
    {
        null => Ends.Result,
        ChatsConnectionException lost => new Ends(lost.GetType(), lost.IsTimeout),
        ChatsApiException api => new Ends(api.GetType(), StatusCode: api.StatusCode)
        {
            Codes = string.Join(", ", api.Errors.Select(error => error.Code)),
        },
        ChatsResponseException unreadable => new Ends(unreadable.GetType(), StatusCode: unreadable.StatusCode),
        _ => new Ends(exception.GetType()),
    };

    private static void CheckWire(FaultRow row, Scene scene, List<string> wrong)
    {
        var record = scene.Server.Record;
        var before = row.AfterGoodCall ? 1 : 0;
        var seen = scene.IsRead ? row.ReadSeen : row.SendSeen;
        if (!seen.Holds(record.Complete - before))
        {
            wrong.Add($"requests seen: expected {seen}, was {record.Complete - before}");
        }

        if (!scene.IsRead)
        {
            Check("the text seen more than once", false, record.Texts.Count - before > 1, wrong);
            Check("other texts seen", 0, record.Texts.Count(text => text != row.Text), wrong);
        }

        Check("connections to another server", 0, scene.Elsewhere.Record.Opened, wrong);
        Check("connections left open", 0, record.Open, wrong);
        wrong.AddRange(record.Defects.Select(defect => $"defect of the script: {defect}"));
    }

    private static void CheckSilence(Exception? exception, List<string> wrong)
    {
        if (exception is null)
        {
            return;
        }

        wrong.AddRange(Canary.PlacesIn(exception).Select(place => $"a canary is in {place}: {exception}"));
        if (exception.InnerException is not (null or SocketException or AuthenticationException or TimeoutException))
        {
            wrong.Add($"an inner {exception.InnerException.GetType().Name}, whose text may quote a response");
        }
    }

    private static void Check<T>(string what, T expected, T actual, List<string> wrong)
    {
        if (!Equals(expected, actual))
        {
            wrong.Add($"{what}: expected {expected}, was {actual}");
        }
    }
}
