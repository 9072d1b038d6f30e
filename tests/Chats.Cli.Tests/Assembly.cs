// Every test has its own streams, emulator and ports, so nothing is lost by running them side by side in any order.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[assembly: Parallelizable(ParallelScope.All)]
