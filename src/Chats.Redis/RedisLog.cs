using Microsoft.Extensions.Logging;

namespace YandexMarket.Chats.Redis;

/// <summary>What is logged: one line when Redis goes away, and one when it is back.</summary>
internal sealed partial class RedisLog(ILogger logger, ChatsRedisFallback policy)
{
    private readonly ILogger _logger = logger;

    public void Unavailable(string error) => Unavailable(error, policy);

    [LoggerMessage(1, LogLevel.Warning, "Redis is unavailable ({Error}): the policy is {Policy} until it responds again")]
    private partial void Unavailable(string error, ChatsRedisFallback policy);

    [LoggerMessage(2, LogLevel.Information, "Redis responds again")]
    public partial void Available();
}
