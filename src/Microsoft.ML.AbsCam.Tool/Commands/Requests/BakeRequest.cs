using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says of a file to bake.</summary>
internal sealed class BakeRequest : NetworkRequest, IPhotoRequest
{
    private const string ByInput = "input";

    /// <summary>How it is explained.</summary>
    public BakeOptions Options { get; set; } = new();

    /// <summary>The method; null where nobody names one.</summary>
    public SaliencyMethod? Method { get; set; }

    /// <summary>What is explained, as written.</summary>
    public string TargetText { get; set; } = "predicted";

    /// <summary>How the reference photo of a likeness becomes the network's input.</summary>
    public PreprocessingRequest Preprocessing { get; } = new();

    /// <summary>What there is to say of the reference photo, once the request is settled; null where there is none.</summary>
    public string? Note { get; private set; }

    /// <summary>The file to write; null for one beside the working folder's others.</summary>
    public string? Output { get; set; }

    /// <summary>Opens the network, and settles what depends on it.</summary>
    /// <returns>The network, which is the caller's to dispose, and the file to write.</returns>
    /// <exception cref="UsageException">The target cannot be read, or the file is there already.</exception>
    public (ImageNetwork Network, string Output) Settle()
    {
        string output = Path.GetFullPath(Output ?? $"{Path.GetFileNameWithoutExtension(Model)}.baked.onnx");
        if (Path.Exists(output))
        {
            throw new UsageException($"'{output}' is there already; name another file with --output, or take it away.");
        }

        ImageNetwork network = Open();
        Options = Options with { Method = Method ?? (PlaceMethod.IsFor(network) ? PlaceMethod.Usual : Options.Method) };
        int classes = network.Shape.ClassesUnder(ScoreRule.Auto);
        ClassNames = LabelPath is null ? network.Labels : LabelFile.Read(LabelPath, classes);
        Options = Options with { Labels = ClassNames, TargetInput = TargetText == ByInput && ClassNames?.Contains(ByInput) != true };
        if (!Options.TargetInput)
        {
            TargetOption target = new TargetSyntax(ClassNames, classes).Parse(TargetText);
            Options = target.ByImage is null
                ? Options with { Target = target.ReferencePath is { } reference ? Likeness(network, reference) : target.Target }
                : throw new UsageException($"--target {TargetText}: classes from a file cannot be part of a model. Take 'input', and the model is told the class with each image.");
        }

        if (Note is null && !Preprocessing.IsUsual)
        {
            throw new UsageException("--resize, --resize-to, --colors, --scale, --mean and --std say how the reference photo of --target similar:FILE becomes the network's input; a baked file takes tensors. Leave them out.");
        }

        return (network, output);
    }

    private SaliencyTarget Likeness(ImageNetwork network, string path)
    {
        ImagePreprocessing seen = Preprocessing.For(network);
        Note = $"'{Path.GetFileName(path)}' goes in as {PreprocessingText.Of(seen)}";
        try
        {
            using MLImage picture = ImageFile.Load(path, new ImageFileOptions());
            return SaliencyTarget.Similar(network.Embed(picture, seen));
        }
        catch (ImageFileException e)
        {
            throw new UsageException($"--target {TargetText}: {e.Message}");
        }
    }
}
