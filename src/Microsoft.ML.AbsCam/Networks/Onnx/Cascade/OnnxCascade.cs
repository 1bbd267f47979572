using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Onnx.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Cascade;

/// <summary>Draws the weights of an ONNX file anew, in a copy of the file; the file and the imported network stay as they are.</summary>
internal sealed class OnnxCascade : WeightCascade
{
    private readonly ModelProto _model;
    private readonly string _source;
    private readonly IReadOnlyList<OnnxLayerWeights> _layers;
    private readonly Func<ReadOnlyMemory<byte>, ImageNetwork> _open;

    /// <param name="bytes">The file, with all weights inside.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="running">The first output of each node that a run computes, each after those it reads from.</param>
    /// <param name="open">Makes a network of a file's bytes.</param>
    public OnnxCascade(ReadOnlyMemory<byte> bytes, string source, IReadOnlyList<string> running, Func<ReadOnlyMemory<byte>, ImageNetwork> open)
    {
        _model = ModelProto.Parser.ParseFrom(bytes.Span);
        _source = source;
        _layers = new OnnxWeightSearch(_model.Graph, source).Layers(running);
        _open = open;
        Layers = [.. _layers.Select(layer => layer.Name)];
    }

    public override IReadOnlyList<string> Layers { get; }

    public override RandomisedNetwork Randomise(int layers, int seed)
    {
        // A clone shares the weights' bytes, which are immutable, until they are replaced.
        ModelProto model = _model.Clone();
        Dictionary<string, TensorProto> tensors = OnnxWeightSearch.TensorsOf(model.Graph);
        int stream = 0;
        foreach (OnnxLayerWeights layer in _layers.Take(layers))
        {
            foreach (string name in layer.Drawn)
            {
                var numbers = new NormalNumbers(seed, stream++);
                Replace(tensors[name], values => numbers.Replace(values));
            }

            foreach ((string name, float value) in layer.Reset)
            {
                Replace(tensors[name], values => values.Fill(value));
            }
        }

        ImageNetwork network = _open(model.ToByteArray());
        return new RandomisedNetwork(network, network.Dispose);
    }

    private void Replace(TensorProto tensor, Action<Span<float>> change)
    {
        float[] values;
        using (Tensor read = new TensorReader(_source, new ExternalData(_source, null)).Read(tensor, "the weight"))
        {
            values = read.ToFloats();
        }

        change(values);
        tensor.FloatData.Clear();
        tensor.DoubleData.Clear();
        tensor.Int32Data.Clear();
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(tensor.DataType switch
        {
            ElementTypes.Float16 => Bytes(values, value => (Half)value),
            ElementTypes.BFloat16 => Bytes(values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
            ElementTypes.Double => Bytes(values, value => (double)value),
            _ => Bytes(values, value => value),
        });
    }

    private static byte[] Bytes<T>(float[] values, Converter<float, T> convert)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(Array.ConvertAll(values, convert)).ToArray();
}
