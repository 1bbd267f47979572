using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains by a graph that gives scores and maps at once: one run of ONNX Runtime a batch, and no tensor of TorchSharp's.</summary>
/// <param name="network">The network.</param>
/// <param name="plan">What the graph gives.</param>
/// <param name="run">Runs it: of images, how many they are, and the class of each where it takes one.</param>
/// <param name="otherwise">Explains what was not baked into it; null where nothing can.</param>
internal sealed class BakedExplainer(ImageNetwork network, BakedPlan plan, Func<float[], int, long[]?, BakedResult> run, Func<IExplainer>? otherwise = null) : IExplainer
{
    private readonly ScoreReading? _reading = plan.Output is null && plan.Question is null ? ScoreReading.Of(network) : null;
    private readonly Lazy<IExplainer>? _otherwise = otherwise is null ? null : new(otherwise);

    // The last batch's, for the next: new memory of this size has to be cleared, and costs the more the faster the network is.
    private float[]? _images;

    public Explanation Explain(Tensor images, RowAsks asks, bool withMaps, bool withHeatFeatures = false) => IsOther(asks, withHeatFeatures)
        ? _otherwise!.Value.Explain(images, asks, withMaps, withHeatFeatures)
        : Explain(images.ToFloats(), (int)images.shape[0], asks, withMaps);

    public Explanation Explain(ReadOnlySpan<float> inputs, IReadOnlyList<int> rows, IReadOnlyList<long> size, RowAsks asks, bool withMaps, bool withHeatFeatures = false)
    {
        if (IsOther(asks, withHeatFeatures))
        {
            return _otherwise!.Value.Explain(inputs, rows, size, asks, withMaps, withHeatFeatures);
        }

        int length = (int)(size[0] * size[1] * size[2]);
        float[] images = Interlocked.Exchange(ref _images, null) is { } kept && kept.Length == rows.Count * length ? kept : new float[rows.Count * length];
        try
        {
            for (int i = 0; i < rows.Count; i++)
            {
                inputs.Slice(rows[i] * length, length).CopyTo(images.AsSpan(i * length));
            }

            return Explain(images, rows.Count, asks, withMaps);
        }
        finally
        {
            _images = images;
        }
    }

    // Rows that ask for classes of their own ask for other ones than the graph finds.
    private bool IsOther(RowAsks asks, bool withHeatFeatures)
        => _otherwise is not null && (withHeatFeatures || (plan.Given is null && asks.Classes is { } classes && !Array.TrueForAll(classes, index => index == (plan.Class ?? plan.Output))));

    private Explanation Explain(float[] images, int rows, RowAsks asks, bool withMaps)
    {
        using BatchTelemetry? telemetry = BatchTelemetry.Start(network.Name, withMaps ? plan.Method : "none", [plan.Layer.Name], nameof(NetworkEngine.OnnxRuntime));
        try
        {
            Explanation explained = Compute(images, rows, asks, withMaps, telemetry);
            telemetry?.Done(rows, explained.Forwards.Sum(), withMaps ? explained.Status.Select(status => status.ToString()) : []);
            return explained;
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    private Explanation Compute(float[] images, int rows, RowAsks asks, bool withMaps, BatchTelemetry? telemetry)
    {
        (int forwards, long[]? given) = (1, null);
        if (plan.Given is not null)
        {
            // Where the network is to find the classes, they are what a first run says.
            (forwards, int[] classes) = asks.Classes is { } asked ? (1, asked) : (2, Scored(Run(images, rows, new long[rows], telemetry).Scores, rows, RowAsks.Nothing).Targets);
            given = Array.ConvertAll(classes, index => (long)index);
        }

        BakedResult result = Run(images, rows, given, telemetry);
        if (given is null && asks.Classes is { } wanted && !wanted.AsSpan().SequenceEqual(Array.ConvertAll(result.Classes, index => (int)index)))
        {
            throw new NotSupportedException($"The file '{network.Name}' explains {plan.Target}, as it was baked, and other classes are asked for. {(plan.Question is null ? "Bake it with a class by input (--target input), or take" : "Take")} the model that it was baked from (SHA-256 {plan.Model}).");
        }

        int[]? against = result.Against is { } told ? Array.ConvertAll(told, index => (int)index) : asks.Against;
        ScoredBatch scored = Scored(result.Scores, rows, asks with { Classes = Classes(result, rows), Against = against });
        if (result.Places is not null)
        {
            scored.Locate([.. Enumerable.Range(0, rows).Select(row => PlaceOf(result, row))]);
        }

        float[] maps = [];
        if (withMaps)
        {
            maps = result.Maps;
            if (result.Judged is [var ranges, var flatRanges, var areRounding])
            {
                scored.JudgeMaps(ranges, flatRanges, Array.ConvertAll(areRounding, isRounding => isRounding > 0 ? (long)MapStatus.Rounding : 0), maps);
                scored.JudgeMaps(maps, MapStatus.NotFinite);
            }
            else
            {
                scored.JudgeMaps(maps);
            }
        }

        return new Explanation(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, maps, withMaps ? result.Height : 0, withMaps ? result.Width : 0, [.. Enumerable.Repeat(forwards, rows)])
        {
            TargetProbabilities = scored.TargetProbabilities,
            Against = scored.Against,
            Places = scored.Places,
        };
    }

    private BakedResult Run(float[] images, int rows, long[]? given, BatchTelemetry? telemetry)
    {
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);
        return run(images, rows, given);
    }

    // Of scores that are no numbers a graph may call any the highest.
    private int[] Classes(BakedResult result, int rows)
    {
        int[] classes = Array.ConvertAll(result.Classes, index => (int)index);
        if (plan is { Given: null, Class: null, Output: null, Question: null } && !Array.TrueForAll(result.Scores, float.IsFinite))
        {
            ScoredBatch own = Scored(result.Scores, rows, RowAsks.Nothing);
            for (int row = 0; row < rows; row++)
            {
                classes[row] = own.Status[row] == MapStatus.NotFinite ? own.Targets[row] : classes[row];
            }
        }

        return classes;
    }

    private static AskedPlace? PlaceOf(BakedResult result, int row)
    {
        int length = result.Places!.Length / result.Classes.Length;
        float[] place = result.Places[(row * length)..((row + 1) * length)];
        return result.PlaceShape is [var height, var width]
            ? place.Contains(1) ? new AskedPlace.MaskPlace(place, (int)height, (int)width) : null
            : Array.TrueForAll(place, float.IsFinite) ? new AskedPlace.BoxPlace(place[0], place[1], place[2], place[3]) : null;
    }

    private ScoredBatch Scored(float[] scores, int rows, RowAsks asks)
    {
        // Numbers that are explained as they are stand where probabilities would.
        float[] logits = _reading?.Logits(scores) ?? scores;
        return new ScoredBatch(logits, _reading?.Probabilities(logits) ?? scores, rows, asks.Classes, 1, plan.Gamma is not null, asks.Against);
    }
}
