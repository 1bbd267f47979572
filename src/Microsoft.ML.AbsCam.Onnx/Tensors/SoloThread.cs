using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>
/// A thread on which libtorch takes no others to help. libtorch's team spins for milliseconds after each operation that it shares, on the
/// cores that ONNX Runtime needs for its next run; what is small is done sooner alone.
/// </summary>
/// <remarks>libtorch keeps the number for each thread, so nobody else's work is slowed. Idle threads are kept, as many as were ever needed at once.</remarks>
internal sealed class SoloThread
{
    private static readonly ConcurrentBag<SoloThread> Idle = [];
    private static readonly Lock Making = new();

    private readonly object _turn = new();
    private Action? _work;
    private ExceptionDispatchInfo? _fault;
    private bool _isFree;

    private SoloThread()
    {
        // New threads begin with the number that was set last, whoever set it; so it is set back at once.
        lock (Making)
        {
            int usual = get_num_threads();
            new Thread(Work) { IsBackground = true, Name = nameof(SoloThread) }.Start();
            WaitUntilFree();
            set_num_threads(usual);
        }
    }

    /// <summary>Runs the work there, and waits for it. Its exceptions are thrown here.</summary>
    public static T Run<T>(Func<T> work)
    {
        SoloThread thread = Idle.TryTake(out SoloThread? idle) ? idle : new SoloThread();
        T result = default!;
        ExceptionDispatchInfo? fault = thread.Do(() => result = work());
        Idle.Add(thread);
        fault?.Throw();
        return result;
    }

    private ExceptionDispatchInfo? Do(Action work)
    {
        lock (_turn)
        {
            (_work, _fault, _isFree) = (work, null, false);
            Monitor.PulseAll(_turn);
        }

        return WaitUntilFree();
    }

    private ExceptionDispatchInfo? WaitUntilFree()
    {
        lock (_turn)
        {
            while (!_isFree)
            {
                Monitor.Wait(_turn);
            }

            return _fault;
        }
    }

    private void Work()
    {
        // A thread's first question, or shared operation, gives it the usual number, so that comes first.
        _ = get_num_threads();
        set_num_threads(1);
        while (true)
        {
            Action work = NextWork();
            try
            {
                work();
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    private Action NextWork()
    {
        lock (_turn)
        {
            (_work, _isFree) = (null, true);
            Monitor.PulseAll(_turn);
            while (_work is null)
            {
                Monitor.Wait(_turn);
            }

            return _work;
        }
    }
}
