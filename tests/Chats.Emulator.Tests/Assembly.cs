// Every test has its own emulator, clock and ports, so tests can run in parallel and in any order.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[assembly: Parallelizable(ParallelScope.All)]
