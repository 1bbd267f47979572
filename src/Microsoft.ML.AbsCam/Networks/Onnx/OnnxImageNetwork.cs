using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Networks.Onnx.Cascade;
using Microsoft.ML.AbsCam.Networks.Onnx.Signature;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Onnx.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>A network that is an ONNX file; it is imported into TorchSharp when it is first run.</summary>
internal sealed class OnnxImageNetwork : ImageNetwork
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string? _folder;
    private readonly int? _inputHeight;
    private readonly int? _inputWidth;
    private OnnxNetwork? _imported;
    private OnnxSignature? _signature;
    private Device _device = LibTorch.Cpu;

    public OnnxImageNetwork(ReadOnlyMemory<byte> bytes, string name, string? folder, int? inputHeight, int? inputWidth, OnnxImportLimits? limits = null, string? scoresOutput = null, int? classes = null,
        NetworkTask task = NetworkTask.Auto)
        : base(name)
    {
        ImportLimits = limits?.Validated();
        AskedOutput = scoresOutput;
        AskedClasses = classes;
        AskedTask = task;
        _bytes = bytes;
        _folder = folder;
        (_inputHeight, _inputWidth) = (inputHeight, inputWidth);
    }

    internal override bool IsLoaded => _imported is not null;

    private OnnxNetwork Imported
    {
        get
        {
            if (_imported is null)
            {
                // 0 leaves a size to the file.
                long[] openSize = [0, _inputHeight ?? _inputWidth ?? 0, _inputWidth ?? _inputHeight ?? 0];
                OnnxNetwork imported = OnnxNetwork.Load(_bytes, Name, _folder, openSize, ImportLimits, AskedOutput, AskedClasses, AskedTask);
                if (Stated.Complete is { } stated && stated != ShapeOf(imported))
                {
                    imported.Dispose();
                    throw new NetworkLoadException($"{Name}: the file states the shape {stated}, and the network computes with {ShapeOf(imported)}. Export it again.");
                }

                _imported = imported;
            }

            return _imported;
        }
    }

    private OnnxSignature Signature => _signature ??= OnnxSignature.Read(_bytes.Span, AskedOutput);

    private KnownShape Stated
    {
        get
        {
            KnownShape file = Signature.Shape;
            return file with { Height = file.Height ?? _inputHeight ?? _inputWidth, Width = file.Width ?? _inputWidth ?? _inputHeight };
        }
    }

    internal override ImageNetwork Reopen() => new OnnxImageNetwork(_bytes, Name, _folder, _inputHeight, _inputWidth, ImportLimits, AskedOutput, AskedClasses, AskedTask);

    /// <summary>The file with all weights inside, and the network imported.</summary>
    internal (ReadOnlyMemory<byte> File, OnnxNetwork Imported) ToBake() => InTurn(() => (WeightsInside.Of(_bytes, Name, _folder), Imported));

    /// <summary>A second network from the same file, for images of another size.</summary>
    internal OnnxImageNetwork ReopenAt(int height, int width) => new(_bytes, Name, _folder, height, width, ImportLimits, AskedOutput, AskedClasses, AskedTask);

    private protected override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(_inputHeight ?? 0);
        writer.Write(_inputWidth ?? 0);

        // A saved pipeline stands by itself, so weights that lie beside the file are taken in.
        ReadOnlyMemory<byte> whole = WeightsInside.Of(_bytes, Name, _folder);
        writer.Write((long)whole.Length);
        writer.Write(whole.Span);
    }

    internal static OnnxImageNetwork Load(BinaryReader reader)
    {
        string name = reader.ReadString();
        (int height, int width) = (reader.ReadInt32(), reader.ReadInt32());
        byte[] bytes = NetworkFormat.ReadBytes(reader, reader.ReadInt64());
        return new OnnxImageNetwork(bytes, name, null, height == 0 ? null : height, width == 0 ? null : width);
    }

    private protected override string? ReadScoresOutput() => Imported.Outputs is [string only] && only == Imported.ScoresOutput ? null : Imported.ScoresOutput;

    private protected override bool ReadIsScoresOutput(string name) => Imported.ScoresOutput == name;

    // Most files name no classes, and need not be imported to say so.
    private protected override IReadOnlyList<string>? ReadLabels() => Signature.NamesClasses ? Imported.Labels : null;

    private protected override ScoreEvidence ReadScoreEvidence() => Imported.Evidence;

    private protected override OutputLayout ReadLayout() => Imported.Layout;

    private protected override string? ReadRemark()
    {
        List<string> remarks = [];
        if (ReadScoresOutput() is string output)
        {
            remarks.Add($"Of the outputs {string.Join(", ", Imported.Outputs.Select(name => $"'{name}'"))}, the scores are {(Imported.Outputs.Contains(output) ? "" : "the value ")}'{output}'.");
        }

        if (Imported.LabelTrouble is string trouble)
        {
            remarks.Add(trouble);
        }

        if (Imported.LayerDoubt is string doubt)
        {
            remarks.Add(doubt);
        }

        if (Imported.RunsRowByRow)
        {
            remarks.Add("The file only gives right scores for one image at a time, so the rows of a batch run one by one; export it with a dynamic batch to make it faster.");
        }

        if (Imported.GradientFault is string fault)
        {
            remarks.Add($"No gradient can be had from the layer '{Imported.DefaultLayer!.Name}' ({fault.TrimEnd('.')}); name another layer, or take a method without gradients.");
        }

        return remarks.Count == 0 ? null : string.Join(' ', remarks);
    }

    private protected override IntegerLevels? ReadLevels() => Signature.Levels;

    private protected override KnownShape ReadKnown() => _imported is null ? Stated : KnownShape.Of(ShapeOf(_imported));

    private protected override NetworkShape ReadShape() => ReadKnown().Complete ?? ShapeOf(Imported);

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => Imported.Layers;

    private protected override string? ReadWhyNoDefaultLayer() => Imported.WhyNoDefaultLayer;

    private protected override (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda)
    {
        string? whyNot = device.type != DeviceType.CPU ? "another device than the CPU is chosen" : Imported.MoveRuntime(cuda) ?? Imported.OpenRuntime(layers, withGradients);
        return (whyNot, whyNot is null && withGradients ? layers.Select(Imported.WhyNoGradientInRuntime).FirstOrDefault(why => why is not null) : null);
    }

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine)
        => On(device).Logits(input.to(device), IsRuntime(engine));

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs)
        => On(device).Pass(input.to(device), layer, withGraph, IsRuntime(engine), toOutputs);

    private protected override string? ReadWhyNoBiases() => Imported.WhyNoBiases;

    private protected override BiasPass ForwardBiases(Tensor input, Device device) => On(device).PassOfBiases(input.to(device));

    private protected override string? ReadWhyNoAttention() => Imported.WhyNoAttention;

    private protected override AttentionPass ForwardAttention(Tensor input, Device device, bool withGraph) => On(device).Attend(input.to(device), withGraph);

    private protected override WeightCascade ReadCascade() => new OnnxCascade(
        WeightsInside.Of(_bytes, Name, _folder), Name, Imported.Running, bytes => new OnnxImageNetwork(bytes, Name, null, _inputHeight, _inputWidth, ImportLimits, Imported.ScoresOutput, task: AskedTask));

    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device)
        => On(device).RunTail(input.to(device), layer, activation.to(device));

    private protected override void Release() => _imported?.Dispose();

    private static bool IsRuntime(NetworkEngine engine) => engine == NetworkEngine.OnnxRuntime;

    private static NetworkShape ShapeOf(OnnxNetwork network) => new(network.InputChannels, network.InputHeight, network.InputWidth, network.ClassCount) { OneScoreIsOneClass = network.Layout is OutputLayout.Detections };

    private OnnxNetwork On(Device device)
    {
        if (device.type != _device.type || device.index != _device.index)
        {
            Imported.To(device);
            _device = device;
        }

        return Imported;
    }
}
