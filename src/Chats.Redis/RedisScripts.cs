namespace YandexMarket.Chats.Redis;

/// <summary>The Lua scripts, which Redis runs atomically. Each begins with a comment on its arguments and result.</summary>
internal static class RedisScripts
{
    public static readonly string Acquire = Read("common") + Read("acquire");
    public static readonly string Settle = Read("common") + Read("settle");
    public static readonly string Renew = Read("renew");
    public static readonly string Epoch = Read("epoch");
    public static readonly string Start = Read("start");
    public static readonly string Finish = Read("finish");

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(RedisScripts).Assembly.GetManifestResourceStream($"{name}.lua")!);
        return reader.ReadToEnd();
    }
}
