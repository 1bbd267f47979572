using System.Diagnostics.Metrics;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>Hears from the library how far a batch is.</summary>
internal sealed class MaskWatch : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _hearing = new();
    private int _done;
    private int _expected;

    /// <param name="tell">Is told how many masked images of a batch were run, and of how many at most.</param>
    public MaskWatch(Action<int, int> tell)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == AbsCamTelemetry.MeterName && instrument.Name is "abscam.masks" or "abscam.masks.expected" or "abscam.images")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            lock (_hearing)
            {
                // Images are told at the end of their batch.
                (_done, _expected) = instrument.Name switch
                {
                    "abscam.masks" => (_done + (int)value, _expected),
                    "abscam.masks.expected" => (_done, _expected + (int)value),
                    _ => (0, 0),
                };
                tell(_done, _expected);
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();
}
