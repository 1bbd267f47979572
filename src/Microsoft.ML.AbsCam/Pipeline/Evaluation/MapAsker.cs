using Microsoft.ML.AbsCam.Measures;
using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Explains altered images, as many at once as rows are held, each for its row's class, and keeps what their maps come to beside the row's.</summary>
/// <param name="maker">What made the maps.</param>
/// <param name="imageSize">[C,H,W].</param>
/// <param name="atOnce">How many images are explained at once.</param>
internal sealed class MapAsker(AbsCamTransformer maker, long[] imageSize, int atOnce) : IDisposable
{
    private readonly Tensor _buffer = empty([atOnce, .. imageSize]).DetachFromDisposeScope();
    private readonly int _length = (int)(imageSize[0] * imageSize[1] * imageSize[2]);
    private readonly List<(AlteredRow Row, int Place)> _waiting = [];

    /// <summary>Asks for the maps of a probe's images. What they come to is there after <see cref="Flush"/>.</summary>
    /// <param name="probe">What alters the image.</param>
    /// <param name="image">The row's image and map.</param>
    /// <param name="ask">What the row asks for, its class settled.</param>
    public Func<MapLikenesses> Ask(MapProbe probe, RowImage image, RowAsk ask)
    {
        var row = new AlteredRow(probe, image, ask, new double[probe.Count(image.Pixels)]);
        ProbeImages images = probe.Of(image);
        for (int i = 0; i < row.Values.Length; i++)
        {
            images.WriteNext(_buffer.Floats().Slice(_waiting.Count * _length, _length));
            _waiting.Add((row, i));
            if (_waiting.Count == atOnce)
            {
                Flush();
            }
        }

        return row.ToLikenesses;
    }

    /// <summary>Explains what waits.</summary>
    public void Flush()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Explanation explanation = maker.Explainer.Explain(_buffer.narrow(0, 0, _waiting.Count), RowAsks.Of([.. _waiting.Select(one => one.Row.Ask)]), withMaps: true);
        for (int i = 0; i < _waiting.Count; i++)
        {
            (AlteredRow row, int place) = _waiting[i];
            row.Forwards += explanation.Forwards[i];
            if (explanation.Status[i] == MapStatus.Ok)
            {
                row.Values[place] = row.Probe.Compare(row.Image, Imaging.CellPair.Resize(explanation.Map(i).ToArray(), explanation.MapHeight, explanation.MapWidth, row.Image.Height, row.Image.Width));
            }
            else
            {
                row.Trouble = $"there is no map of {row.Probe.Images}: {MapStatusText.Of(explanation.Status[i])}";
            }
        }

        _waiting.Clear();
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>A row's question, until all of its maps are there.</summary>
    private sealed class AlteredRow(MapProbe probe, RowImage image, RowAsk ask, double[] values)
    {
        public MapProbe Probe => probe;

        public RowImage Image => image;

        public RowAsk Ask => ask;

        public double[] Values => values;

        public string? Trouble { get; set; }

        public int Forwards { get; set; }

        public MapLikenesses ToLikenesses() => new(values, Trouble, Forwards);
    }
}
