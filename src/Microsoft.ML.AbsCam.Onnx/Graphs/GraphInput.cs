using Microsoft.ML.AbsCam.Onnx.Format;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>What a graph expects from outside.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Type">The type it has in memory.</param>
/// <param name="ElementType">The type it has in the file.</param>
/// <param name="Dimensions">Null for a size that the file leaves open; null as a whole where not even the rank is given.</param>
internal sealed record GraphInput(string Name, ScalarType Type, int ElementType, long?[]? Dimensions)
{
    public static GraphInput Of(ValueInfoProto info, string source)
    {
        if (info.Type?.ValueCase is not TypeProto.ValueOneofCase.TensorType)
        {
            throw new NetworkLoadException($"{source}: the input '{info.Name}' is {(info.Type is null ? "of no stated type" : "a sequence, map, optional or sparse value")}; expected a tensor.");
        }

        TypeProto.Types.Tensor tensor = info.Type.TensorType;
        ScalarType type = ElementTypes.InMemory(tensor.ElemType)
            ?? throw new NetworkLoadException($"{source}: the input '{info.Name}' has the element type {ElementTypes.Name(tensor.ElemType)}; expected float.");
        return new GraphInput(info.Name, type, tensor.ElemType, tensor.Shape?.Dim.Select(Known).ToArray());
    }

    public override string ToString() =>
        $"'{Name}' {(Dimensions is null ? "of unstated shape" : $"[{string.Join(", ", Dimensions.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}]")}";

    // Exporters write 0 or -1 for a size they do not know as often as they leave it out.
    private static long? Known(TensorShapeProto.Types.Dimension dimension) =>
        dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dimension.DimValue > 0 ? dimension.DimValue : null;
}
