namespace YandexMarket.Chats.Tests;

/// <summary>Exceptions of tasks that nobody awaited, from its creation on. For tests that run alone, as it sees those of the whole process.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _exceptions = new();

    public UnobservedExceptions()
    {
        // The exceptions that earlier tests left are not counted.
        Collect();
        TaskScheduler.UnobservedTaskException += Add;
    }

    public void AssertNone()
    {
        Collect();
        Assert.That(_exceptions, Is.Empty);
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Add;

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void Add(object? sender, UnobservedTaskExceptionEventArgs arguments) => _exceptions.Enqueue(arguments.Exception);
}
