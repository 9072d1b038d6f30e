using YandexMarket.Chats.Benchmarks;
using YandexMarket.Chats.Benchmarks.Loopback;
using YandexMarket.Chats.Benchmarks.Measure;

// The first words are for the processes that this one starts; docs/performance.md and docs/scaling.md tell the others.
return args switch
{
    ["first", var peer, var scenario] => FirstCall.Child(peer, scenario),
    ["spread-child"] => Spread.Child(),
    ["server", var scheme] => await Server.RunAsync(tls: scheme == "https").ConfigureAwait(false),
    ["ratios"] => await Ratios.RunAsync().ConfigureAwait(false),
    ["spread"] => await Spread.PrintAsync().ConfigureAwait(false),
    ["hosting"] => Ratios.Hosting() ? 0 : 1,
    ["redis"] => await RedisSpeed.RunAsync().ConfigureAwait(false),
    ["startup"] => await Startup.PrintAsync().ConfigureAwait(false),
    ["build"] => await BuildSpeed.RunAsync().ConfigureAwait(false),
    [] => await FullRun.RunAsync(output: null).ConfigureAwait(false),
    ["--output", var folder] => await FullRun.RunAsync(folder).ConfigureAwait(false),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Arguments: none, or --output FOLDER, or ratios, or spread, or hosting, or startup, or redis, or build.");
    return 64;
}
