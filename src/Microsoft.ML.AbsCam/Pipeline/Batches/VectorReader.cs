using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads preprocessed vectors, dense or sparse, and puts the channels first.</summary>
/// <param name="getter">Reads the vector.</param>
/// <param name="column">How its dimensions lie.</param>
/// <param name="network">What takes it.</param>
internal sealed class VectorReader(ValueGetter<VBuffer<float>> getter, InputColumn column, ImageNetwork network) : IInputReader
{
    private VBuffer<float> _vector;
    private float[] _interleaved = [];

    public bool TryRead(int slot, Span<float> input, out MLImage? photo)
    {
        photo = null;
        getter(ref _vector);
        if (_vector.Length != input.Length)
        {
            return false;
        }

        if (network.WhyNotInput(_vector.GetValues()) is { } reason)
        {
            throw new InvalidDataException($"{reason}.");
        }

        if (!column.IsChannelsLast)
        {
            _vector.CopyTo(input);
            return true;
        }

        if (_interleaved.Length != input.Length)
        {
            _interleaved = new float[input.Length];
        }

        _vector.CopyTo(_interleaved);
        int pixels = column.Height * column.Width;
        for (int channel = 0; channel < column.Channels; channel++)
        {
            Span<float> plane = input.Slice(channel * pixels, pixels);
            for (int pixel = 0, at = channel; pixel < pixels; pixel++, at += column.Channels)
            {
                plane[pixel] = _interleaved[at];
            }
        }

        return true;
    }
}
