using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Outputs;

/// <summary>A detector that gives boxes and scores as two outputs: written anew, with one output of both.</summary>
internal static class BoxPair
{
    /// <summary>The value of both.</summary>
    public const string Joined = "abscam/boxes-and-scores";

    private const int Sides = 4;

    /// <summary>The file with the two outputs as one; the file itself where it has no such pair.</summary>
    /// <param name="file">The file.</param>
    /// <param name="asked">The output that is asked for; a pair is only looked for where none is.</param>
    public static OnnxFile Join(OnnxFile file, string? asked)
    {
        (string Name, long?[] Sizes)[] outputs = [.. file.Graph.Output.Select(output => (output.Name, Sizes(output)))];
        (string Name, long?[] Sizes)[] boxes = [.. outputs.Where(output => output.Sizes is [_, _, Sides] or [_, Sides, _])];
        (string Name, long?[] Sizes)[] others = [.. outputs.Except(boxes).Where(output => output.Sizes.Length == 3)];
        if (asked is not null || boxes is not [var sides] || others is not [var scores] || outputs.Length != 2)
        {
            return file;
        }

        bool anchorsFirst = sides.Sizes is [_, _, Sides];
        (long? ofBoxes, long? ofScores) = anchorsFirst ? (sides.Sizes[1], scores.Sizes[1]) : (sides.Sizes[2], scores.Sizes[2]);
        if (ofBoxes != ofScores)
        {
            return file;
        }

        GraphProto graph = file.Graph.Clone();
        var join = new NodeProto { Name = Joined, OpType = "Concat" };
        join.Input.AddRange([sides.Name, scores.Name]);
        join.Output.Add(Joined);
        join.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = anchorsFirst ? 2 : 1 });
        graph.Node.Add(join);
        ValueInfoProto output = graph.Output.First(one => one.Name == scores.Name).Clone();
        output.Name = Joined;
        output.Type = null;
        graph.Output.Clear();
        graph.Output.Add(output);
        return file with { Graph = graph };
    }

    private static long?[] Sizes(ValueInfoProto output) => output.Type?.TensorType?.Shape is { } shape
        ? [.. shape.Dim.Select(size => size.DimValue > 0 ? (long?)size.DimValue : null)]
        : [];
}
