using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Numbers of 16 bits, which a file that is baked must not compute with.</summary>
internal static class HalfWidths
{
    /// <exception cref="NetworkLoadException">It computes with half-width numbers, of which its gradient would have to be too.</exception>
    public static void Refuse(GraphProto graph, string name)
    {
        bool IsHalf(int type) => type is ElementTypes.Float16 or ElementTypes.BFloat16;
        bool hasHalf = graph.Initializer.Any(weight => IsHalf(weight.DataType)) || graph.Input.Any(input => IsHalf(input.Type?.TensorType?.ElemType ?? 0))
            || graph.Node.SelectMany(node => node.Attribute).Any(attribute => IsHalf(attribute.T?.DataType ?? 0) || (attribute.Name == "to" && IsHalf((int)attribute.I)));
        if (hasHalf)
        {
            throw new NetworkLoadException($"{name}: the file computes with half-width numbers (float16), and its gradient would be too coarse. Bake the file with float32, and convert the baked one.");
        }
    }
}
