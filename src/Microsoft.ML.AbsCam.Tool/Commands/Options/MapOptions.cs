using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>Options that say how maps are made, alike in all commands that explain.</summary>
internal static class MapOptions
{
    public static ICommandOption<ExplanationRequest> Target(string value, string description) => new CommandOption<ExplanationRequest, string>(
        OptionSyntax.Text("--target", value, description, UsualTarget.Text),
        (request, target) => request.TargetTexts = [target])
    {
        OnPages = Explained,
        InJournals = ("target", TargetIdentity),
    };

    /// <summary>The same, where several questions can be asked in one run.</summary>
    public static ICommandOption<ExplanationRequest> Targets(string value, string description) => new CommandOption<ExplanationRequest, string[]>(
        new Option<string[]>("--target") { Description = $"{description} [default: {UsualTarget.Text}]", HelpName = value },
        (request, targets) => request.TargetTexts = targets)
    {
        OnPages = Explained,
        InJournals = ("target", TargetIdentity),
    };

    public static IReadOnlyList<ICommandOption<ExplanationRequest>> All() =>
    [
        new CommandOption<ExplanationRequest, string[]>(
            new Option<string[]>("--layer") { Description = "The feature layer, as 'abscam layers' names it; given more than once, their maps are combined. Default: its pick", HelpName = "NAME" },
            (request, names) => request.Options = request.Options with { Layers = names is [] ? null : names })
        {
            OnPages = ("Layer", request => request.Layers.Count == 0 ? "none" : string.Join(" + ", request.Layers.Select(layer => $"{layer.Name} ({layer.Channels} maps of {layer.Height} x {layer.Width})"))),
            InJournals = ("layer", request => string.Join(" + ", request.Options.Layers ?? ["default"])),
        },
        new CommandOption<ExplanationRequest, LayerFusion>(
            OptionSyntax.Choice("--fusion", "How the maps of several layers are combined. [default: product]", ("product", LayerFusion.Product), ("mean", LayerFusion.Mean)),
            (request, fusion) => request.Options = request.Options with { Fusion = fusion })
        {
            OnPages = ("Combined", request => request.Layers.Count < 2 ? null : request.Options.Fusion == LayerFusion.Mean ? "the mean of the layers' maps" : "the product of the layers' maps"),
            InJournals = ("fusion", request => UnlessUsual(request.Options.Fusion)),
        },
        new CommandOption<ExplanationRequest, ScoreRule>(
            OptionSyntax.Choice(
                "--scores",
                "How scores become probabilities: by softmax (one class an image), by sigmoid (several labels), not at all since they are probabilities, or never since they are none. [default: as the network ends]",
                ("softmax", ScoreRule.Softmax),
                ("sigmoid", ScoreRule.Sigmoid),
                ("probabilities", ScoreRule.Probabilities),
                ("none", ScoreRule.None)),
            (request, rule) => request.Options = request.Options with { ScoreRule = rule })
        {
            OnPages = ("Probabilities", request => request.Options.ScoreRule switch
            {
                ScoreRule.Softmax => "by softmax of the scores, as asked",
                ScoreRule.Sigmoid => "by sigmoid of each score, as asked",
                ScoreRule.Probabilities => "the scores themselves, as asked",
                ScoreRule.None => "none, as asked",
                _ => request.Options.FindingsFor(request.Network)[0],
            }),
            InJournals = ("scores", request => (UnlessUsual(request.Options.ScoreRule), request.Network.ScoresOutput) is (null, null) ? null : $"{request.Options.ScoreRule}, {request.Network.ScoresOutput}"),
        },
        new CommandOption<ExplanationRequest, NetworkEngine>(
            OptionSyntax.Choice("--engine", "What computes forward passes. [default: ONNX Runtime where it can be]", ("auto", NetworkEngine.Auto), ("onnxruntime", NetworkEngine.OnnxRuntime), ("torchsharp", NetworkEngine.TorchSharp)),
            (request, engine) => request.Options = request.Options with { Engine = engine })
        {
            OnPages = ("Engine", request => request.Options.Engine switch { NetworkEngine.Auto => null, NetworkEngine.OnnxRuntime => "ONNX Runtime, as asked", _ => "TorchSharp, as asked" }),
            InJournals = ("engine", request => UnlessUsual(request.Options.Engine)),
        },
        Device(),
        new CommandOption<ExplanationRequest, int>(
            OptionSyntax.Number("--batch", $"How many images go through the network at once. [default: {new AbsCamOptions().BatchSize}]", 1, 4096),
            (request, size) => request.Options = request.Options with { BatchSize = size }),
        new CommandOption<ExplanationRequest, long>(
            OptionSyntax.Number("--max-pixels", $"Photos with more pixels are refused before they are decoded. [default: {new ImageFileOptions().MaxPixels}]", 1L, int.MaxValue / 4),
            (request, pixels) => request.Decoding = request.Decoding with { MaxPixels = pixels }),
    ];

    /// <summary>Where it computes; alike in 'demo', which has no other of these options.</summary>
    public static ICommandOption<ExplanationRequest> Device() => new CommandOption<ExplanationRequest, ComputeDevice>(
        OptionSyntax.Parsed("--device", "cpu|cuda[:N]", "Where the network runs: the CPU, or a CUDA device by its number, the first where none is given. [default: cpu]", ComputeDevice.Parse),
        (request, device) => request.Options = request.Options with { GpuDeviceId = device.Checked() })
    {
        OnPages = ("Device", request => request.Options.GpuDeviceId is int device ? string.Create(CultureInfo.InvariantCulture, $"CUDA device {device}") : null),
        InJournals = ("device", request => request.Options.GpuDeviceId is null ? null : "cuda"),
    };

    public static ICommandOption<ExplanationRequest> Decode(string description) => new CommandOption<ExplanationRequest, Decoding>(
        OptionSyntax.Choice("--decode", description, ("reduced", Decoding.Reduced), ("whole", Decoding.Whole)),
        (request, decoding) => request.Decode = decoding)
    {
        OnPages = ("Decoded", request => request.Decode switch
        {
            null => null,
            Decoding.Whole => "photos at their own size",
            _ => string.Create(CultureInfo.InvariantCulture, $"large JPEG photos at a fraction of their size, with {request.Decoding.MinimumSize} pixels or more along the shorter side"),
        }),
        InJournals = ("decoding", request => string.Create(CultureInfo.InvariantCulture, $"{request.Decoding.MinimumSize}, at most {request.Decoding.MaxPixels}")),
    };

    private static (string Name, Func<ExplanationRequest, string?> Text) Explained => ("Explained", request => request.Target.Text);

    private static string TargetIdentity(ExplanationRequest request)
        => string.Join('\n', request.TargetTexts.Select(TargetSyntax.IdentityOf)) + (request.Target.Masks is { } masks ? FileStamp.OfBatch(request.Files.Select(file => (file.Name, FileStamp.Of(masks.Of(file)!)))) : "");

    /// <summary>What is usual leaves no trace in a journal, so that an option can be added and journals stay what they are.</summary>
    private static string? UnlessUsual<T>(T value)
        where T : struct, Enum
        => EqualityComparer<T>.Default.Equals(value, default) ? null : value.ToString();
}
