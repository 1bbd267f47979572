namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>
/// The weights of an antialiased bilinear resize along one axis: each output is a weighted sum of neighbouring inputs, the weight a
/// triangle around the output's centre whose half width is one input pixel, or one output pixel where that is the longer.
/// </summary>
internal sealed class TriangleWeights
{
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly float[] _weights;

    /// <param name="inputSize">How many pixels there are.</param>
    /// <param name="resizedSize">How many they become.</param>
    /// <param name="first">The first of the resized pixels that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public TriangleWeights(int inputSize, long resizedSize, long first, int count)
    {
        _starts = new int[count];
        _ends = new int[count + 1];
        var scale = (double)inputSize / resizedSize;
        var support = Math.Max(scale, 1);
        var weights = new List<float>((int)Math.Min(count * (2 * support + 2), 1 << 20));
        var raw = new double[Math.Min(inputSize, (int)Math.Ceiling(2 * support) + 2)];
        for (var i = 0; i < count; i++)
        {
            var centre = (first + i + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var end = Math.Min((int)(centre + support + 0.5), inputSize);
            var sum = 0.0;
            for (var x = start; x < end; x++)
            {
                raw[x - start] = Math.Max(1 - Math.Abs(x + 0.5 - centre) / support, 0);
                sum += raw[x - start];
            }

            for (var x = start; x < end; x++)
            {
                weights.Add((float)(raw[x - start] / sum));
            }

            _starts[i] = start;
            _ends[i + 1] = weights.Count;
        }

        _weights = [.. weights];
        FirstInput = _starts[0];
        EndInput = _starts[count - 1] + (_ends[count] - _ends[count - 1]);
    }

    public int Count => _starts.Length;

    /// <summary>The first input pixel that any wanted output needs.</summary>
    public int FirstInput { get; }

    /// <summary>One past the last input pixel that any wanted output needs.</summary>
    public int EndInput { get; }

    /// <summary>The weights of one output, and the input pixel that the first of them belongs to.</summary>
    public ReadOnlySpan<float> Of(int output, out int start)
    {
        start = _starts[output];
        return _weights.AsSpan(_ends[output].._ends[output + 1]);
    }
}
