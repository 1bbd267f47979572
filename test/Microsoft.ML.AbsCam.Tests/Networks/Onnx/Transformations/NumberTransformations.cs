using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>Other element types.</summary>
internal static class NumberTransformations
{
    private const int FloatType = 1;
    private const int HalfType = 10;

    public static Transformation[] All =>
    [
        new("double precision", net =>
        {
            ModelProto wide = ModelProto.Parser.ParseFrom(InDouble.Model(net.Model));
            net.Model.Graph = wide.Graph;
            return true;
        }),
        new("weights as float16 behind casts", net => Halve(net, isStored: true), net => Halve(net, isStored: false)),
    ];

    private static bool Halve(Rewriting net, bool isStored)
    {
        foreach (TensorProto weight in net.Graph.Initializer.Where(weight => weight.DataType == FloatType && weight.Dims.Count > 0).ToArray())
        {
            Half[] halves = [.. Rewriting.NumbersOf(weight).Select(value => (Half)value)];
            weight.RawData = ByteString.Empty;
            weight.FloatData.Clear();
            if (!isStored)
            {
                weight.FloatData.AddRange(halves.Select(value => (float)value));
                continue;
            }

            weight.DataType = HalfType;
            weight.RawData = ByteString.CopyFrom([.. halves.SelectMany(BitConverter.GetBytes)]);
            net.Behind(weight.Name, name => net.Node("Cast", name, ("to", FloatType)));
        }

        return true;
    }
}
