using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Runtime;

/// <summary>Writes an imported network for ONNX Runtime: what was accepted of its file, with the batch left open.</summary>
internal static class RuntimeModel
{
    /// <param name="graph">The network.</param>
    /// <param name="image">Its input.</param>
    /// <param name="outputs">The slots of the values to give out.</param>
    /// <exception cref="NotSupportedException">The network cannot be written.</exception>
    public static byte[] Of(OnnxGraph graph, ImageInput image, IReadOnlyCollection<int> outputs)
    {
        long[] row = image.ChannelsLast ? [image.Shape[1], image.Shape[2], image.Shape[0]] : image.Shape;
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.AddRange(row.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        var type = new TypeProto.Types.Tensor { ElemType = ElementTypes.InFile(image.Type), Shape = shape };
        return GraphWriter.Write(graph, [new ValueInfoProto { Name = image.Name, Type = new TypeProto { TensorType = type } }], outputs);
    }
}
