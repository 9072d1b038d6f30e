// What takes time here are builds, each in a folder of its own.
[assembly: Parallelizable(ParallelScope.Fixtures)]
