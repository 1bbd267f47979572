using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Weights;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>One of the ONNX project's own cases: a model of one or a few nodes, inputs, and the outputs they must give.</summary>
internal sealed class OnnxNodeCase(string folder)
{
    /// <summary>Where Debian's package libonnx-testdata puts them.</summary>
    private const string Root = "/usr/share/libonnx-testdata/data";

    public const string Missing = "needs the ONNX operator cases (apt install libonnx-testdata)";

    // By the start of the name, and a word of the message.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["batchnorm_epsilon_training_mode"] = "training mode",
        ["batchnorm_example_training_mode"] = "training mode",
        ["training_dropout"] = "training mode",
        ["maxpool_with_argmax_2d_precomputed_strides"] = "Indices",
    };

    // The generator places corners by a fractional output length (4 x 0.6 = 2.4), and cuts bits off for bfloat16 where the
    // format rounds.
    private static readonly string[] OtherReading =
    [
        "resize_downsample_scales_cubic_align_corners", "resize_downsample_scales_linear_align_corners",
        "cast_FLOAT_to_BFLOAT16", "castlike_FLOAT_to_BFLOAT16", "castlike_FLOAT_to_BFLOAT16_expanded",
    ];

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

    /// <summary>The model, with the inputs as weights where an operator is read only when its numbers are settled.</summary>
    public byte[] SettledModel
    {
        get
        {
            ModelProto model = ModelProto.Parser.ParseFrom(Model);
            if (model.Graph.Node.Any(node => OperatorRegistry.Find(node.OpType)?.Settled.Length > 0))
            {
                model.Graph.Initializer.AddRange(model.Graph.Input.Zip(Inputs, (input, value) => new TensorProto(value) { Name = input.Name }));
                model.Graph.Input.Clear();
            }

            return model.ToByteArray();
        }
    }

    public TensorProto[] Inputs => Tensors("input");

    public TensorProto[] Outputs => Tensors("output");

    /// <summary>One case an operator.</summary>
    public static IReadOnlyList<OnnxNodeCase> All => In("node");

    public static OnnxNodeCase Named(string name, string group = "node") => new(Path.Combine(Root, group, "test_" + name));

    /// <summary>The cases of a group, that is of a folder; none where the package is absent.</summary>
    public static IReadOnlyList<OnnxNodeCase> In(string group)
    {
        string path = Path.Combine(Root, group);
        return Directory.Exists(path) ? [.. Directory.GetDirectories(path).Order(StringComparer.Ordinal).Select(one => new OnnxNodeCase(one))] : [];
    }

    /// <summary>A word of the message with which the importer refuses the case on purpose; null where it does not.</summary>
    public string? RefusedFor => Refused.FirstOrDefault(entry => Name.StartsWith(entry.Key, StringComparison.Ordinal)).Value;

    /// <summary>Cases whose generator reads the format otherwise than its text and ONNX Runtime.</summary>
    public bool IsReadOtherwise => OtherReading.Contains(Name);

    public ModelProto Parsed => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));

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
