using YandexMarket.Chats.Emulator;

namespace YandexMarket.Chats.Cli;

/// <summary>A call seen from both ends.</summary>
internal sealed class ObservedCall
{
    /// <summary>What the client returned, if it was a read.</summary>
    public ChatMessage? Message { get; private init; }

    /// <summary>What the client threw.</summary>
    public Exception? Exception { get; private init; }

    /// <summary>The requests that reached the emulator meanwhile.</summary>
    public required IReadOnlyList<RecordedRequest> Requests { get; init; }

    /// <summary>The messages that appeared in the chat meanwhile.</summary>
    public required IReadOnlyList<EmulatedMessage> NewMessages { get; init; }

    public static async Task<ObservedCall> OfAsync(Func<Task> call, DemoStage stage)
    {
        var requestsBefore = stage.Emulator.Requests.Total;
        var lastMessage = stage.Chat.Messages[^1].Id;
        ChatMessage? message = null;
        Exception? exception = null;
        try
        {
            var task = call();
            await task;
            message = (task as Task<ChatMessage>)?.Result;
        }
        catch (Exception thrown)
        {
            exception = thrown;
        }

        return new ObservedCall
        {
            Message = message,
            Exception = exception,
            Requests = [.. stage.Emulator.Requests.Where(request => request.Number > requestsBefore)],
            NewMessages = [.. stage.Chat.Messages.Where(it => it.Id > lastMessage)],
        };
    }

    /// <summary>What a user of the client sees, in a line or two.</summary>
    public IEnumerable<string> Describe()
    {
        if (Exception is not null)
        {
            var status = Exception is ChatsApiException api
                ? $" · {api.StatusCode} {string.Join(", ", api.Errors.Select(error => error.Code))}"
                : "";
            var sent = Exception is ChatsException chats ? $" · MayHaveBeenSent = {(chats.MayHaveBeenSent ? "true" : "false")}" : "";
            yield return Exception.GetType().Name + status + sent;
        }
        else if (Message is null)
        {
            yield return "returned: the service has taken the text";
        }
        else
        {
            yield return $"{Message.Sender}: {Message.Message}";
            foreach (var file in Message.Payload ?? [])
            {
                yield return $"{file.Name} · {file.Size} bytes · {file.Url}";
            }
        }
    }
}
