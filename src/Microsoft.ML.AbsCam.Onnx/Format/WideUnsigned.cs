using static Microsoft.ML.AbsCam.Onnx.Format.AttributeProto.Types;

namespace Microsoft.ML.AbsCam.Onnx.Format;

/// <summary>Finds unsigned integers of more than 8 bits, which have no tensor type of their own and lie in wider signed ones.</summary>
internal static class WideUnsigned
{
    /// <summary>Whether a graph has any among its inputs, weights, constants and the types that it casts to.</summary>
    public static bool Has(GraphProto graph) =>
        graph.Input.Any(input => Is(input.Type?.TensorType?.ElemType ?? 0))
        || graph.Initializer.Any(weight => Is(weight.DataType))
        || graph.Node.SelectMany(node => node.Attribute).Any(attribute => Is(attribute.T?.DataType ?? 0)
            || (attribute.Name is "to" or "dtype" or "output_dtype" && attribute.Type == AttributeType.Int && attribute.I is > 0 and < int.MaxValue && Is((int)attribute.I)));

    private static bool Is(int elementType) => elementType is ElementTypes.UInt16 or ElementTypes.UInt32 or ElementTypes.UInt64;
}
