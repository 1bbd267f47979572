using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>A baked file in ONNX Runtime: images in; scores, maps and their classes out, all as arrays.</summary>
internal sealed class BakedRun : IDisposable
{
    private readonly RuntimeSession _session;
    private readonly string _name;
    private readonly BakedPlan _plan;

    private BakedRun(RuntimeSession session, string name, BakedPlan plan) => (_session, _name, _plan) = (session, name, plan);

    /// <param name="file">The file's bytes.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="plan">What it says of itself.</param>
    /// <param name="threads">How many threads one operator may use.</param>
    /// <param name="cuda">The CUDA device that computes; null for the CPU.</param>
    /// <exception cref="NetworkLoadException">ONNX Runtime does not run it, or it has other values than it says.</exception>
    public static BakedRun Open(ReadOnlyMemory<byte> file, string name, BakedPlan plan, int threads, int? cuda)
    {
        byte[] model = plan.ScoresAreOutput ? file.ToArray() : [.. file.Span, .. AlsoOutput(plan.Scores)];
        try
        {
            return new BakedRun(RuntimeSession.Open(model, plan.Given is null ? [plan.Input] : [plan.Input, plan.Given], threads, cuda), name, plan);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new NetworkLoadException($"{name}: ONNX Runtime does not run the file ({e.GetBaseException().Message.Split('\n')[0].TrimEnd('.')}). Bake it anew ('abscam bake'), or explain the model that it was baked from.", e);
        }
    }

    /// <param name="images">The images [rows, channels, height, width], one after the other.</param>
    /// <param name="rows">How many.</param>
    /// <param name="shape">Channels, height and width.</param>
    /// <param name="given">The class of each row, where the file takes one.</param>
    public BakedResult Run(float[] images, int rows, NetworkShape shape, long[]? given)
    {
        if (!_plan.IsOfOne || rows == 1)
        {
            return RunAtOnce(images, rows, shape, given);
        }

        BakedResult[] each = [.. Apart(images, rows).Select((image, row) => RunAtOnce(image, 1, shape, given is null ? null : [given[row]]))];
        return new BakedResult(Join(each, one => one.Scores)!, Join(each, one => one.Maps)!, each[0].Height, each[0].Width, Join(each, one => one.Classes)!)
        {
            Judged = each[0].Judged is { } judges ? [.. judges.Select((_, judge) => Join(each, one => one.Judged![judge])!)] : null,
            Places = Join(each, one => one.Places),
            PlaceShape = each[0].PlaceShape,
            Against = Join(each, one => one.Against),
        };
    }

    /// <summary>The outputs that are asked about, as the network has them, one row's after the other's.</summary>
    /// <inheritdoc cref="Run(float[], int, NetworkShape, long[])"/>
    public float[] Outputs(float[] images, int rows, NetworkShape shape) => !_plan.IsOfOne || rows == 1
        ? OutputsAtOnce(images, rows, shape)
        : [.. Apart(images, rows).SelectMany(image => OutputsAtOnce(image, 1, shape))];

    public void Dispose() => _session.Dispose();

    private BakedResult RunAtOnce(float[] images, int rows, NetworkShape shape, long[]? given)
    {
        string[] more = _plan.Question is { } asked ? [.. asked.Outputs.Skip(1)] : _plan.Judges is var (range, flat, isRounding) ? [range, flat, isRounding] : [];
        (Array Values, long[] Shape)[] results = Run(images, rows, shape, given, [_plan.Question?.Shown ?? _plan.Scores, _plan.Saliency, _plan.Classes, .. more]);
        int count = _plan.Question?.Kind switch
        {
            BakedQuestionKind.Likeness => 1,

            // One score a pixel is two classes: what it stands for, and its complement.
            BakedQuestionKind.Region when _plan.Shape.ClassCount == 1 => 2,
            _ => _plan.Shape.ClassCount,
        };
        if (results is not [(float[] scores, _), (float[] maps, [var maps0, var height, var width]), (long[] classes, _), ..] || maps0 != rows || classes.Length != rows || scores.Length != (long)rows * count)
        {
            throw Other(results, rows, $"{count} scores, a map and a class for each");
        }

        var result = new BakedResult(scores, maps, (int)height, (int)width, classes);
        if (_plan.Question is not { } question)
        {
            return more.Length == 0 ? result : result with { Judged = [.. results.Skip(3).Select(judge => (float[])judge.Values)] };
        }

        if (question.Place is not null)
        {
            bool isPlace = results[3] is (float[], [var first, .. var rest]) && first == rows && (question.Kind == BakedQuestionKind.Box ? rest is [4] : rest is [> 0, > 0]);
            result = isPlace ? result with { Places = (float[])results[3].Values, PlaceShape = results[3].Shape[1..] } : throw Other(results, rows, $"{(question.Kind == BakedQuestionKind.Box ? "a box" : "a region")} for each");
        }

        return question.Against is null ? result
            : results[^1].Values is long[] against && against.Length == rows ? result with { Against = against }
            : throw Other(results, rows, "a class to tell from for each");
    }

    private float[] OutputsAtOnce(float[] images, int rows, NetworkShape shape)
    {
        int count = _plan.Layout?.Numbers ?? _plan.Shape.ClassCount;
        (Array Values, long[] Shape)[] results = Run(images, rows, shape, _plan.Given is null ? null : new long[rows], [_plan.Scores]);
        return results is [(float[] outputs, _)] && outputs.Length == (long)rows * count ? outputs : throw Other(results, rows, $"{count} numbers for each");
    }

    private (Array Values, long[] Shape)[] Run(float[] images, int rows, NetworkShape shape, long[]? given, string[] names)
    {
        long[] sizes = _plan.ChannelsLast ? [rows, shape.Height, shape.Width, shape.Channels] : [rows, shape.Channels, shape.Height, shape.Width];
        List<(Array, long[])> inputs = [(BakedInput.Of(images, rows, shape, _plan), sizes)];
        if (given is not null)
        {
            inputs.Add((given, [rows]));
        }

        return _session.Run(inputs, names);
    }

    private static IEnumerable<float[]> Apart(float[] images, int rows) => images.Chunk(images.Length / rows);

    private static T[]? Join<T>(BakedResult[] each, Func<BakedResult, T[]?> part) => part(each[0]) is null ? null : [.. each.SelectMany(one => part(one)!)];

    private NetworkLoadException Other((Array Values, long[] Shape)[] results, int rows, string said)
        => new($"{_name}: the file gives {string.Join(", ", results.Select(result => $"[{string.Join(',', result.Shape)}]"))} for {rows} images, and says of itself that it gives {said}. Bake it anew ('abscam bake').");

    // Messages that follow each other are one message of the fields of both.
    private static byte[] AlsoOutput(string value)
    {
        var graph = new GraphProto();
        graph.Output.Add(new ValueInfoProto { Name = value });
        return new ModelProto { Graph = graph }.ToByteArray();
    }
}

/// <summary>What a baked file gives for some rows.</summary>
/// <param name="Scores">The scores, or what <see cref="BakedQuestion.Shown"/> gave in their place, one row's after the other's.</param>
/// <param name="Maps">The maps, one row's after the other's; NaN where there is none.</param>
/// <param name="Height">Rows of a map.</param>
/// <param name="Width">Columns of a map.</param>
/// <param name="Classes">The class that each row's map explains.</param>
internal sealed record BakedResult(float[] Scores, float[] Maps, int Height, int Width, long[] Classes)
{
    /// <summary>What <see cref="BakedPlan.Judges"/> gave, a number a row each; null where there are none.</summary>
    public float[][]? Judged { get; init; }

    /// <summary>What <see cref="BakedQuestion.Place"/> gave, one row's after the other's; null of no place.</summary>
    public float[]? Places { get; init; }

    /// <summary>The shape of one of <see cref="Places"/>; empty of no place.</summary>
    public long[] PlaceShape { get; init; } = [];

    /// <summary>The class that each row's is told from; null where the file does not say.</summary>
    public long[]? Against { get; init; }
}
