// Every test has its own emulator, clock and ports, so nothing is lost by running them side by side in any order.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[assembly: Parallelizable(ParallelScope.All)]
