using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains by what is baked into the network's file: one run of ONNX Runtime a batch, and no tensor of TorchSharp's.</summary>
/// <param name="network">The network.</param>
internal sealed class BakedExplainer(BakedImageNetwork network) : IExplainer
{
    private readonly ScoreReading? _reading = network.Plan.Output is null ? ScoreReading.Of(network) : null;

    public Explanation Explain(Tensor images, RowAsks asks, bool withMaps, bool withHeatFeatures = false) => Explain(images.ToFloats(), (int)images.shape[0], asks, withMaps);

    public Explanation Explain(ReadOnlySpan<float> inputs, IReadOnlyList<int> rows, IReadOnlyList<long> size, RowAsks asks, bool withMaps, bool withHeatFeatures = false)
    {
        int length = (int)(size[0] * size[1] * size[2]);
        float[] images = new float[rows.Count * length];
        for (int i = 0; i < rows.Count; i++)
        {
            inputs.Slice(rows[i] * length, length).CopyTo(images.AsSpan(i * length));
        }

        return Explain(images, rows.Count, asks, withMaps);
    }

    private Explanation Explain(float[] images, int rows, RowAsks asks, bool withMaps)
    {
        using BatchTelemetry? telemetry = BatchTelemetry.Start(network.Name, withMaps ? network.Plan.Method : "none", [network.Plan.Layer.Name], nameof(NetworkEngine.OnnxRuntime));
        try
        {
            Explanation explained = Compute(images, rows, asks, withMaps);
            telemetry?.Done(rows, explained.Forwards.Sum(), withMaps ? explained.Status.Select(status => status.ToString()) : []);
            return explained;
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    private Explanation Compute(float[] images, int rows, RowAsks asks, bool withMaps)
    {
        (int forwards, long[]? given) = (1, null);
        if (network.Plan.Given is not null)
        {
            // Where the network is to find the classes, they are what a first run says.
            (forwards, int[] classes) = asks.Classes is { } asked ? (1, asked) : (2, Scored(network.Explain(images, rows, new long[rows]).Scores, rows, RowAsks.Nothing).Targets);
            given = Array.ConvertAll(classes, index => (long)index);
        }

        BakedResult result = network.Explain(images, rows, given);
        if (given is null && asks.Classes is { } wanted && !wanted.AsSpan().SequenceEqual(Array.ConvertAll(result.Classes, index => (int)index)))
        {
            throw new NotSupportedException($"The file '{network.Name}' explains {network.Plan.Target}, as it was baked, and other classes are asked for. Bake it with a class by input (--target input), or take the model that it was baked from (SHA-256 {network.Plan.Model}).");
        }

        ScoredBatch scored = Scored(result.Scores, rows, asks with { Classes = Array.ConvertAll(result.Classes, index => (int)index) });
        float[] maps = [];
        if (withMaps)
        {
            maps = result.Maps;
            scored.JudgeMaps(maps);
        }

        return new Explanation(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, maps, withMaps ? result.Height : 0, withMaps ? result.Width : 0, [.. Enumerable.Repeat(forwards, rows)])
        {
            TargetProbabilities = scored.TargetProbabilities,
            Against = scored.Against,
        };
    }

    private ScoredBatch Scored(float[] scores, int rows, RowAsks asks)
    {
        // Numbers that are explained as they are stand where probabilities would.
        float[] logits = _reading?.Logits(scores) ?? scores;
        return new ScoredBatch(logits, _reading?.Probabilities(logits) ?? scores, rows, asks.Classes, 1, network.Plan.Gamma is not null, asks.Against);
    }
}
