using BenchmarkDotNet.Running;
using YandexMarket.Chats.Benchmarks;

// Without arguments all benchmarks run and docs/performance.md is written. CONTRIBUTING.md lists the others; what is not listed is for
// BenchmarkDotNet, such as --filter and --list.
return args switch
{
    [] => await Page.WriteAsync().ConfigureAwait(false),
    ["ratios"] => await Ratios.RunAsync().ConfigureAwait(false),
    ["startup"] => await Startup.PrintAsync().ConfigureAwait(false),
    _ => BenchmarkSwitcher.FromAssembly(typeof(Page).Assembly).Run(args, Page.Config).Any(Page.HasFailed) ? 1 : 0,
};
