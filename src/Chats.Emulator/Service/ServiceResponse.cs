namespace YandexMarket.Chats.Emulator;

/// <summary>What the service decided about a call, before anything of it is sent.</summary>
internal sealed class ServiceResponse(int status, ReadOnlyMemory<byte> body)
{
    private static readonly byte[] _sent = """{"status":"OK"}"""u8.ToArray();

    public int Status => status;

    public ReadOnlyMemory<byte> Body => body;

    public string ContentType { get; init; } = "application/json";

    public Refusal? Refusal { get; init; }

    public EmulatedMessage? Taken { get; init; }

    public static ServiceResponse Of(Refusal refusal, EmulatedMessage? taken = null) =>
        new(refusal.Status, ResponseJson.Write(refusal)) { Refusal = refusal, Taken = taken };

    public static ServiceResponse Sent(EmulatedMessage taken) => new(200, _sent) { Taken = taken };

    public static ServiceResponse Read(EmulatedMessage message, bool trimmed) => new(200, ResponseJson.Write(message, trimmed));
}
