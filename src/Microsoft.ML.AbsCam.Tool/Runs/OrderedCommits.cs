using System.Collections.Concurrent;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>
/// Does work on other threads, a bounded number of pieces at once, and hands over what came of it in the order in which the work was given,
/// one after the other.
/// </summary>
internal sealed class OrderedCommits<T> : IDisposable
{
    private readonly BlockingCollection<Task<T>> _work;
    private readonly CancellationTokenSource _failed = new();
    private readonly Task _committing;

    /// <param name="places">How many pieces may be under way or wait for their turn.</param>
    /// <param name="commit">What takes the results.</param>
    public OrderedCommits(int places, Action<T> commit)
    {
        _work = new BlockingCollection<Task<T>>(places);
        _committing = Task.Factory.StartNew(() => CommitAll(commit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Gives a piece of work, and waits while there are too many.</summary>
    /// <returns>False where an earlier piece failed: <see cref="Complete"/> tells how.</returns>
    public bool TryAdd(Func<T> work)
    {
        try
        {
            // The place is taken before the work begins, so that what is made waits for nothing.
            var piece = new Task<T>(work);
            _work.Add(piece, _failed.Token);
            piece.Start(TaskScheduler.Default);
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Waits until everything is handed over, and throws what went wrong.</summary>
    public void Complete()
    {
        _work.CompleteAdding();
        _committing.GetAwaiter().GetResult();
    }

    /// <summary>Waits until nothing is under way.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        ((IAsyncResult)_committing).AsyncWaitHandle.WaitOne();
        _work.Dispose();
        _failed.Dispose();
    }

    private void CommitAll(Action<T> commit)
    {
        try
        {
            foreach (Task<T> piece in _work.GetConsumingEnumerable())
            {
                commit(piece.GetAwaiter().GetResult());
            }
        }
        catch
        {
            _failed.Cancel();
            _work.CompleteAdding();
            while (_work.TryTake(out Task<T>? piece))
            {
                ((IAsyncResult)piece).AsyncWaitHandle.WaitOne();
            }

            throw;
        }
    }
}
