using YandexMarket.Chats.Benchmarks;

// The first three are for the processes that this one starts; docs/performance.md and docs/scaling.md explain the others.
return args switch
{
    ["first", var peer, var scenario] => FirstCall.Child(peer, scenario),
    ["spread-child"] => Spread.Child(),
    ["server", var scheme] => await Server.RunAsync(tls: scheme == "https"),
    ["ratios"] => await Ratios.RunAsync(),
    ["spread"] => await Spread.PrintAsync(),
    ["redis"] => await RedisSpeed.RunAsync(),
    ["startup"] => await Startup.PrintAsync(),
    ["build"] => BuildSpeed.Run(),
    [] => await FullRun.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Arguments: none, or ratios, or spread, or startup, or redis, or build.");
    return 64;
}
