[assembly: Parallelizable(ParallelScope.Children)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

// The tests wait for the threads of workers and for the disk most of the time.
[assembly: LevelOfParallelism(6)]
