using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The same model with double where it says float, so that finite differences are exact enough to judge by.</summary>
internal static class InDouble
{
    public static byte[] Model(ModelProto model)
    {
        model = model.Clone();
        foreach (OperatorSetIdProto set in model.OpsetImport.Where(set => set.Domain.Length == 0 && set.Version < 7))
        {
            set.Version = 7;
        }

        foreach (ValueInfoProto value in model.Graph.Input.Concat(model.Graph.Output).Where(value => value.Type.TensorType.ElemType == ElementTypes.Float))
        {
            value.Type.TensorType.ElemType = ElementTypes.Double;
        }

        foreach (TensorProto weight in model.Graph.Initializer)
        {
            Widen(weight);
        }

        foreach (AttributeProto attribute in model.Graph.Node.SelectMany(node => node.Attribute))
        {
            if (attribute.T is TensorProto constant)
            {
                Widen(constant);
            }

            if (attribute.Name is "to" or "dtype" && attribute.I == ElementTypes.Float)
            {
                attribute.I = ElementTypes.Double;
            }
        }

        return model.ToByteArray();
    }

    public static TensorProto Tensor(TensorProto tensor)
    {
        TensorProto wide = tensor.Clone();
        Widen(wide);
        return wide;
    }

    private static void Widen(TensorProto tensor)
    {
        if (tensor.DataType != ElementTypes.Float)
        {
            return;
        }

        tensor.DoubleData.AddRange(tensor.FloatData.Select(value => (double)value));
        if (tensor.RawData.Length > 0)
        {
            double[] wide = [.. MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray().Select(value => (double)value)];
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(wide.AsSpan()));
        }

        tensor.FloatData.Clear();
        tensor.DataType = ElementTypes.Double;
    }
}
