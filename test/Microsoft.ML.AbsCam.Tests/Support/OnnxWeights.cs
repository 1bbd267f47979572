using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Copies the weights of an ONNX file into layers of a module.</summary>
internal static class OnnxWeights
{
    /// <param name="file">A file whose weighing nodes lie in the order in which they run.</param>
    /// <param name="layers">The module's convolutions and linear layers in that order.</param>
    public static void CopyInto(string file, IReadOnlyList<(Tensor Weight, Tensor Bias)> layers)
    {
        GraphProto graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file)).Graph;
        Dictionary<string, float[]> weights = graph.Initializer.ToDictionary(weight => weight.Name, weight => weight.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray() : [.. weight.FloatData]);
        NodeProto[] weighing = [.. graph.Node.Where(node => node.OpType is "Conv" or "Gemm")];
        if (weighing.Length != layers.Count)
        {
            throw new ArgumentException($"The file has {weighing.Length} weighing nodes, and the module {layers.Count}.", nameof(layers));
        }

        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < layers.Count; i++)
        {
            layers[i].Weight.copy_(tensor(weights[weighing[i].Input[1]], layers[i].Weight.shape));
            layers[i].Bias.copy_(tensor(weights[weighing[i].Input[2]]));
        }
    }
}
