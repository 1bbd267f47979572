using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.Extensions.ObjectPool;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>As many engines as may run at once, each in one pair of hands at a time.</summary>
internal sealed class EnginePool(ExplainModel model, ServiceOptions options, ServiceTelemetry telemetry) : IDisposable
{
    // <pool>
    // The provider's pool disposes what it holds when it is disposed itself.
    private readonly ObjectPool<PredictionEngine<PhotoRow, PhotoExplanation>> _engines =
        new DefaultObjectPoolProvider { MaximumRetained = options.PoolSize }.Create(new EnginePolicy(model));

    // An object pool makes a new object when it is empty; the limiter makes the caller wait instead, and lets only so many wait.
    private readonly ConcurrencyLimiter _places = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.PoolSize,
        QueueLimit = options.QueueLength,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Runs the work with an engine, as soon as one is free. Engines for other questions than the usual one are made, and gone afterwards.</summary>
    /// <exception cref="NoPlaceException">As many wait as may, or none became free in time.</exception>
    public async Task<T> RunAsync<T>(Question question, Func<PredictionEngine<PhotoRow, PhotoExplanation>, T> work, CancellationToken cancellation)
    {
        using RateLimitLease place = await TakePlaceAsync(cancellation);
        return Run(question, work);
    }

    private async Task<RateLimitLease> TakePlaceAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(options.WaitSeconds));
        using IDisposable timed = telemetry.Phase("wait");
        try
        {
            RateLimitLease place = await _places.AcquireAsync(1, patience.Token);
            return place.IsAcquired ? place : throw new NoPlaceException(AllTaken, SecondsUntilFree);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NoPlaceException($"No engine became free within {options.WaitSeconds} seconds.", SecondsUntilFree);
        }
    }

    private T Run<T>(Question question, Func<PredictionEngine<PhotoRow, PhotoExplanation>, T> work)
    {
        bool isUsual = question == model.Offer.Usual;
        PredictionEngine<PhotoRow, PhotoExplanation> engine = isUsual ? _engines.Get() : model.NewEngine(question);
        long start = Stopwatch.GetTimestamp();
        using IDisposable timed = telemetry.Phase("explain");
        try
        {
            return work(engine);
        }
        finally
        {
            if (isUsual)
            {
                _engines.Return(engine);
            }
            else
            {
                engine.Dispose();
            }

            Count(Stopwatch.GetElapsedTime(start));
        }
    }

    private sealed class EnginePolicy(ExplainModel model) : PooledObjectPolicy<PredictionEngine<PhotoRow, PhotoExplanation>>
    {
        public override PredictionEngine<PhotoRow, PhotoExplanation> Create() => model.NewEngine(model.Offer.Usual);

        // An engine that threw is as good as before.
        public override bool Return(PredictionEngine<PhotoRow, PhotoExplanation> obj) => true;
    }

    // </pool>
    public const string AllTaken = "All places are taken.";

    private long _lastTicks;
    private long _explained;

    /// <summary>Whether the next photo would be turned away.</summary>
    public bool IsFull => Free == 0 && Waiting >= options.QueueLength;

    /// <summary>How many engines nobody uses.</summary>
    public long Free => _places.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>How many photos wait for an engine.</summary>
    public long Waiting => _places.GetStatistics()!.CurrentQueuedCount;

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
        _places.Dispose();
    }
}
