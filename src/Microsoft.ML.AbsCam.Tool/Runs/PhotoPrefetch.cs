using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Decodes the photos of coming rows on other threads, so many and no more: memory is bounded by the photos that wait.</summary>
internal sealed class PhotoPrefetch : IDisposable
{
    private readonly IReadOnlyList<PhotoRow> _rows;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _readers;
    private int _next = -1;

    /// <param name="rows">The rows, in the order in which they will be asked for.</param>
    /// <param name="places">How many photos may be in memory.</param>
    /// <param name="readers">How many are decoded at once.</param>
    public PhotoPrefetch(IReadOnlyList<PhotoRow> rows, int places, int readers)
    {
        _rows = rows;
        _places = new SemaphoreSlim(places);
        _readers = [.. Enumerable.Range(0, readers).Select(_ => Task.Run(ReadAsync))];
    }

    /// <summary>Says that a row's photo is not needed any more. Once a row.</summary>
    public void Free(PhotoRow row)
    {
        row.Release();
        _places.Release();
    }

    /// <summary>Stops, and frees every row.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WaitAll(_readers);
        foreach (PhotoRow row in _rows)
        {
            row.Release();
        }

        _places.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stop.Token).ConfigureAwait(false);
                int next = Interlocked.Increment(ref _next);
                if (next >= _rows.Count)
                {
                    return;
                }

                _rows[next].Prefetch();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
