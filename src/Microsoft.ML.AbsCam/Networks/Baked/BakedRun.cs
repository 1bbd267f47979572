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

        int length = images.Length / rows;
        var each = new BakedResult[rows];
        for (int row = 0; row < rows; row++)
        {
            each[row] = RunAtOnce([.. images.AsSpan(row * length, length)], 1, shape, given is null ? null : [given[row]]);
        }

        return new BakedResult([.. each.SelectMany(one => one.Scores)], [.. each.SelectMany(one => one.Maps)], each[0].Height, each[0].Width, [.. each.SelectMany(one => one.Classes)])
        {
            Judged = each[0].Judged is null ? null : [.. Enumerable.Range(0, each[0].Judged!.Length).Select(judge => each.SelectMany(one => one.Judged![judge]).ToArray())],
        };
    }

    public void Dispose() => _session.Dispose();

    private BakedResult RunAtOnce(float[] images, int rows, NetworkShape shape, long[]? given)
    {
        long[] sizes = _plan.ChannelsLast ? [rows, shape.Height, shape.Width, shape.Channels] : [rows, shape.Channels, shape.Height, shape.Width];
        List<(Array, long[])> inputs = [(BakedInput.Of(images, rows, shape, _plan), sizes)];
        if (given is not null)
        {
            inputs.Add((given, [rows]));
        }

        string[] names = _plan.Judges is var (range, flat, isRounding) ? [_plan.Scores, _plan.Saliency, _plan.Classes, range, flat, isRounding] : [_plan.Scores, _plan.Saliency, _plan.Classes];
        (Array Values, long[] Shape)[] results = _session.Run(inputs, names);
        if (results is [(float[] scores, _), (float[] maps, [var maps0, var height, var width]), (long[] classes, _), ..] && maps0 == rows && classes.Length == rows && scores.Length == (long)rows * _plan.Shape.ClassCount)
        {
            return new BakedResult(scores, maps, (int)height, (int)width, classes) { Judged = names.Length == 3 ? null : [.. results.Skip(3).Select(result => (float[])result.Values)] };
        }

        throw new NetworkLoadException($"{_name}: the file gives {string.Join(", ", results.Select(result => $"[{string.Join(',', result.Shape)}]"))} for {rows} images, and says of itself that it gives {_plan.Shape.ClassCount} scores, a map and a class for each. Bake it anew ('abscam bake').");
    }

    // Messages that follow each other are one message of the fields of both.
    private static byte[] AlsoOutput(string value)
    {
        var graph = new GraphProto();
        graph.Output.Add(new ValueInfoProto { Name = value });
        return new ModelProto { Graph = graph }.ToByteArray();
    }
}

/// <summary>What a baked file gives for some rows.</summary>
/// <param name="Scores">The scores, one row's after the other's.</param>
/// <param name="Maps">The maps, one row's after the other's; NaN where there is none.</param>
/// <param name="Height">Rows of a map.</param>
/// <param name="Width">Columns of a map.</param>
/// <param name="Classes">The class that each row's map explains.</param>
internal sealed record BakedResult(float[] Scores, float[] Maps, int Height, int Width, long[] Classes)
{
    /// <summary>What <see cref="BakedPlan.Judges"/> gave, a number a row each; null where there are none.</summary>
    public float[][]? Judged { get; init; }
}
