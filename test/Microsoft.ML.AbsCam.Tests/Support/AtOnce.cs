namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Threads that begin together.</summary>
internal static class AtOnce
{
    public const int Threads = 8;

    /// <summary>Runs the work on threads of their own, none of which begins before all are there, and gives back what each threw.</summary>
    public static Exception?[] Run(Action<int> work, int threads = Threads)
    {
        var thrown = new Exception?[threads];
        using var barrier = new Barrier(threads);
        Thread[] running = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            barrier.SignalAndWait();
            try
            {
                work(number);
            }
            catch (Exception e)
            {
                thrown[number] = e;
            }
        }))];
        Array.ForEach(running, thread => thread.Start());
        Array.ForEach(running, thread => thread.Join());
        return thrown;
    }

    /// <summary>The same, where nothing may be thrown.</summary>
    public static void Check(Action<int> work, int threads = Threads)
    {
        foreach (Exception thrown in Run(work, threads).OfType<Exception>())
        {
            throw new AssertFailedException(thrown.ToString(), thrown);
        }
    }
}
