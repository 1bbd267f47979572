using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Format;
using Microsoft.ML.AbsCam.Networks.Onnx.Operators;
using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>One of the ONNX project's own operator cases: a model of one or a few nodes, inputs, and the outputs they must give.</summary>
internal sealed class OnnxNodeCase(string folder)
{
    /// <summary>Where Debian's package libonnx-testdata puts them.</summary>
    private const string Root = "/usr/share/libonnx-testdata/data/node";

    public const string Missing = "needs the ONNX operator cases (apt install libonnx-testdata)";

    public string Name { get; } = Path.GetFileName(folder)["test_".Length..];

    /// <summary>The model; those of operator sets before 7 say 7, up to which their operators stayed as they were.</summary>
    public byte[] Model
    {
        get
        {
            ModelProto model = Parsed;
            foreach (OperatorSetIdProto set in model.OpsetImport.Where(set => set.Domain.Length == 0 && set.Version < 7))
            {
                set.Version = 7;
            }

            return model.ToByteArray();
        }
    }

    public TensorProto[] Inputs => Tensors("input");

    public TensorProto[] Outputs => Tensors("output");

    public static IReadOnlyList<OnnxNodeCase> All =>
        Directory.Exists(Root) ? [.. Directory.GetDirectories(Root).Order(StringComparer.Ordinal).Select(path => new OnnxNodeCase(path))] : [];

    public static OnnxNodeCase Named(string name) => new(Path.Combine(Root, "test_" + name));

    private ModelProto Parsed => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));

    /// <summary>A value as the model declares it: the files hold bfloat16 numbers as uint16.</summary>
    public TorchSharp.torch.Tensor Read(TensorReader reader, TensorProto file, string name)
    {
        int declared = Parsed.Graph.Input.Concat(Parsed.Graph.Output).First(value => value.Name == name).Type.TensorType.ElemType;
        if (declared == ElementTypes.BFloat16)
        {
            file.DataType = declared;
        }

        return reader.Read(file, name);
    }

    /// <summary>Why the importer is not asked for this case; null where it is.</summary>
    public string? NotApplicable()
    {
        ModelProto model = Parsed;
        string[] unknown = [.. model.Graph.Node.Where(node => !node.Domain.StartsWith("ai.onnx.", StringComparison.Ordinal)).Select(node => node.OpType).Except(OperatorRegistry.Names).Distinct()];
        if (model.Graph.Node.Any(node => node.Domain.Length > 0))
        {
            return "belongs to another domain (training)";
        }

        if (unknown.Length > 0)
        {
            return $"uses {string.Join(", ", unknown)}";
        }

        if (model.Graph.Input.Concat(model.Graph.Output).Any(value => value.Type.ValueCase != TypeProto.ValueOneofCase.TensorType))
        {
            return "uses sequences or optional values";
        }

        return model.Graph.Input.Concat(model.Graph.Output).Any(value => ElementTypes.InMemory(value.Type.TensorType.ElemType) is null)
            || model.Graph.Node.SelectMany(node => node.Attribute).Any(attribute => attribute.Name == "to" && ElementTypes.InMemory((int)attribute.I) is null)
            ? "uses text"
            : null;
    }

    private TensorProto[] Tensors(string kind)
    {
        string data = Path.Combine(folder, "test_data_set_0");
        return [.. Enumerable.Range(0, Directory.GetFiles(data, $"{kind}_*.pb").Length)
            .Select(i => TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(data, $"{kind}_{i}.pb"))))];
    }
}
