using System.Diagnostics;
using Microsoft.Extensions.ObjectPool;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>As many engines as may run at once, each in one pair of hands at a time.</summary>
internal sealed class EnginePool(ExplainModel model, ServiceOptions options) : IDisposable
{
    // <pool>
    // The provider's pool disposes what it holds when it is disposed itself.
    private readonly ObjectPool<PredictionEngine<PhotoRow, PhotoExplanation>> _engines =
        new DefaultObjectPoolProvider { MaximumRetained = options.PoolSize }.Create(new EnginePolicy(model));

    // An object pool makes a new object when it is empty; the semaphore makes the caller wait instead.
    private readonly SemaphoreSlim _free = new(options.PoolSize);

    /// <summary>Runs the work with an engine, as soon as one is free.</summary>
    /// <exception cref="TimeoutException">None became free in time.</exception>
    public async Task<T> RunAsync<T>(Func<PredictionEngine<PhotoRow, PhotoExplanation>, T> work, CancellationToken cancellation)
    {
        if (!await _free.WaitAsync(TimeSpan.FromSeconds(options.WaitSeconds), cancellation))
        {
            throw new TimeoutException($"No engine became free within {options.WaitSeconds} seconds.");
        }

        try
        {
            return Run(work);
        }
        finally
        {
            _free.Release();
        }
    }

    private T Run<T>(Func<PredictionEngine<PhotoRow, PhotoExplanation>, T> work)
    {
        PredictionEngine<PhotoRow, PhotoExplanation> engine = _engines.Get();
        long start = Stopwatch.GetTimestamp();
        try
        {
            return work(engine);
        }
        finally
        {
            _engines.Return(engine);
            Count(Stopwatch.GetElapsedTime(start));
        }
    }

    private sealed class EnginePolicy(ExplainModel model) : PooledObjectPolicy<PredictionEngine<PhotoRow, PhotoExplanation>>
    {
        public override PredictionEngine<PhotoRow, PhotoExplanation> Create() => model.NewEngine();

        // An engine that threw is as good as before.
        public override bool Return(PredictionEngine<PhotoRow, PhotoExplanation> obj) => true;
    }

    // </pool>
    private long _lastTicks;
    private long _explained;

    /// <summary>How many photos were tried.</summary>
    public long Explained => Interlocked.Read(ref _explained);

    /// <summary>In how many seconds a full queue will be worked off, as the last photo has it.</summary>
    public int SecondsUntilFree => (int)Math.Clamp(Math.Ceiling(TimeSpan.FromTicks(Interlocked.Read(ref _lastTicks)).TotalSeconds * (options.QueueLength + options.PoolSize) / options.PoolSize), 1, options.WaitSeconds);

    private void Count(TimeSpan time)
    {
        Interlocked.Exchange(ref _lastTicks, time.Ticks);
        Interlocked.Increment(ref _explained);
    }

    public void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        _free.Dispose();
    }
}
