using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>
/// A model file with an explanation baked in. It runs in ONNX Runtime alone, and what it can be asked was settled when it was baked: nothing is imported, and libtorch is not
/// needed but where somebody asks for tensors.
/// </summary>
internal sealed class BakedImageNetwork : ImageNetwork
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly int? _inputHeight;
    private readonly int? _inputWidth;
    private BakedRun? _run;
    private int? _cuda;

    private BakedImageNetwork(ReadOnlyMemory<byte> file, string name, BakedPlan plan, int? inputHeight, int? inputWidth)
        : base(name)
    {
        (_file, Plan, _inputHeight, _inputWidth) = (file, plan, inputHeight, inputWidth);
        AskedTask = plan.Question?.Kind == BakedQuestionKind.Likeness ? NetworkTask.Embed : NetworkTask.Auto;
    }

    /// <summary>What was baked in.</summary>
    public BakedPlan Plan { get; }

    /// <summary>Opens a file that says of itself what was baked into it.</summary>
    /// <returns>Null for any other file.</returns>
    /// <exception cref="NetworkLoadException">What it says cannot be, or it was baked for other scores than are asked for.</exception>
    public static BakedImageNetwork? TryOpen(ReadOnlyMemory<byte> file, string name, int? inputHeight, int? inputWidth, string? scoresOutput)
    {
        try
        {
            return BakedPlanReader.Read(file.Span) is not { } plan ? null
                : scoresOutput is null || scoresOutput == plan.Scores ? new BakedImageNetwork(file, name, plan, inputHeight, inputWidth)
                : throw new NetworkLoadException($"{name}: the scores of '{plan.Scores}' are explained by what is baked into the file, and those of '{scoresOutput}' are asked for. Leave the output out, or take the model that it was baked from.");
        }
        catch (FormatException e)
        {
            throw new NetworkLoadException($"{name}: the file says that an explanation is baked into it, and {e.Message}. Bake it anew ('abscam bake').", e);
        }
    }

    public override string? BakedMethod => Plan.Method;

    internal override bool IsLoaded => true;

    internal override string WhyNoInputGradient => "an explanation is baked into its file, and the model that it was baked from is to be taken";

    /// <summary>What the file gives for images [rows, channels, height, width].</summary>
    /// <param name="images">The images, one after the other.</param>
    /// <param name="rows">How many.</param>
    /// <param name="given">The class of each row, where the file takes one.</param>
    public BakedResult Explain(float[] images, int rows, long[]? given) => InTurn(() => Opened.Run(images, rows, ReadShape(), given));

    /// <summary>Takes this CUDA device of ONNX Runtime from now on; null for the CPU.</summary>
    /// <returns>Why it cannot be; null where it is.</returns>
    public string? Move(int? cuda) => InTurn(() =>
    {
        if (cuda is not null && RuntimeSession.WhyNoCuda is string whyNot)
        {
            return whyNot;
        }

        if (_run is not null && cuda != _cuda)
        {
            _run.Dispose();
            _run = null;
        }

        _cuda = cuda;
        return null;
    });

    internal override ImageNetwork Reopen() => new BakedImageNetwork(_file, Name, Plan, _inputHeight, _inputWidth) { AskedTask = AskedTask, ImportLimits = ImportLimits };

    private BakedRun Opened => _run ??= BakedRun.Open(_file, Name, Plan, Threads, _cuda);

    // As libtorch counts them, which is not asked here.
    private static int Threads => int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out int asked) && asked > 0 ? asked : Environment.ProcessorCount;

    private protected override void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(_inputHeight ?? 0);
        writer.Write(_inputWidth ?? 0);
        writer.Write((long)_file.Length);
        writer.Write(_file.Span);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="NetworkLoadException">The bytes are those of no baked file.</exception>
    internal static BakedImageNetwork Load(BinaryReader reader)
    {
        string name = reader.ReadString();
        (int height, int width) = (reader.ReadInt32(), reader.ReadInt32());
        return TryOpen(NetworkFormat.ReadBytes(reader, reader.ReadInt64()), name, height == 0 ? null : height, width == 0 ? null : width, null)
            ?? throw new NetworkLoadException($"{name}: the saved pipeline says that an explanation is baked into its network, and the network's file says nothing of it. Save the pipeline again.");
    }

    private protected override string? ReadScoresOutput() => Plan.Scores;

    private protected override bool ReadIsScoresOutput(string name) => name == Plan.Scores;

    private protected override IReadOnlyList<string>? ReadLabels() => Plan.Labels;

    private protected override ScoreEvidence ReadScoreEvidence() => Plan.Evidence;

    private protected override OutputLayout ReadLayout() => Plan.Layout ?? base.ReadLayout();

    private protected override IntegerLevels? ReadLevels() => ElementTypes.Levels(Plan.InputType);

    private protected override KnownShape ReadKnown() => KnownShape.Of(ReadShape());

    private protected override NetworkShape ReadShape() => !Plan.SizeIsOpen ? Plan.Shape : Plan.Shape with
    {
        Height = _inputHeight ?? _inputWidth ?? Plan.Shape.Height,
        Width = _inputWidth ?? _inputHeight ?? Plan.Shape.Width,
    };

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => [Plan.Layer];

    private protected override (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda)
        => (Move(cuda), withGradients ? "none can be had of a baked file" : null);

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine)
    {
        int rows = (int)input.shape[0];
        return TensorData.FromFloats(Opened.Outputs(input.ToFloats(), rows, ReadShape()), [rows, ReadLayout().Numbers]).to(device);
    }

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs) => throw Sealed();

    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device) => throw Sealed();

    private protected override void Release() => _run?.Dispose();

    private NotSupportedException Sealed()
        => new($"'{Plan.Method}' is baked into the file '{Name}', and nothing else can be asked of what happens within the network. Take the model that it was baked from (SHA-256 {Plan.Model}).");
}
