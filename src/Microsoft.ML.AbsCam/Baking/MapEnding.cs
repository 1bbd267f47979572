using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What every method ends in, as nodes: relu, enlargement, normalisation, and NaN where nothing is to be seen.</summary>
internal static class MapEnding
{
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="written">The map.</param>
    /// <param name="scores">The scores [batch, classes]; where one is not finite there is no map.</param>
    /// <param name="size">The map's rows and columns, as a vector of two numbers; null for the layer's.</param>
    /// <param name="type">The format's element type of the map.</param>
    /// <param name="isFound">Whether there is what is asked about [batch]; null where there always is.</param>
    /// <returns>The maps, float [batch, height, width]; their ranges before they were normalised, and those that they have to have, [batch, 1, 1, 1].</returns>
    public static (string Maps, string Range, string FlatRange) Write(NodeWriter writer, WrittenMap written, string scores, string? size, int type, string? isFound = null)
    {
        string raw = written.CutEnlarged ? written.Low : writer.Node("Relu", [written.Low]);
        if (size is not null)
        {
            string stacks = writer.Node("Slice", [writer.Shape(raw), writer.Ints(0), writer.Ints(2)]);
            raw = writer.Node("Resize", [raw, "", "", writer.Concat(0, stacks, size)], ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));
        }

        raw = written.CutEnlarged ? writer.Node("Relu", [raw]) : raw;
        long[] places = [2, 3];
        string least = writer.Least(raw, places);
        string range = writer.Sub(writer.Greatest(raw, places), least);
        string shown = writer.Div(writer.Sub(raw, least), writer.Add(range, writer.Real(MapMath.NormEpsilon, type)));

        shown = written.Factor is null ? shown : writer.Mul(shown, written.Factor);

        // A map of which only rounding is left is flat. After relu its greatest number is that of its absolute values.
        string flat = writer.Node("Max", [writer.Mul(writer.Greatest(raw, places), writer.Real(MapMath.Rounding, type)), writer.Real(MapMath.FlatRange, type)]);
        string isMap = writer.Node("And", [writer.Node("GreaterOrEqual", [range, flat]), writer.Node("And", [IsFinite(writer, written.Low, [1, 2, 3], type), IsFinite(writer, writer.Unsqueeze(scores, 2, 3), [1, 2, 3], type)])]);
        isMap = isFound is null ? isMap : writer.Node("And", [isMap, writer.Unsqueeze(isFound, 1, 2, 3)]);
        string judged = writer.Squeeze(writer.Where(isMap, shown, writer.Real(double.NaN, type)), 1);
        return (AsFloat(writer, judged, type), range, flat);
    }

    /// <summary>The value as float.</summary>
    public static string AsFloat(NodeWriter writer, string x, int type) => type == ElementTypes.Float ? x : writer.Cast(x, ElementTypes.Float);

    // Nothing times 0 is 0 but what is finite.
    private static string IsFinite(NodeWriter writer, string x, long[] axes, int type) =>
        writer.Node("Equal", [writer.Sum(writer.Mul(x, writer.Real(0, type)), axes), writer.Real(0, type)]);
}
