using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says of a file to bake.</summary>
internal sealed class BakeRequest : NetworkRequest
{
    private const string ByInput = "input";

    /// <summary>How it is explained.</summary>
    public BakeOptions Options { get; set; } = new();

    /// <summary>What is explained, as written.</summary>
    public string TargetText { get; set; } = "predicted";

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
        ClassNames = LabelPath is null ? network.Labels : LabelFile.Read(LabelPath, network.Shape.ClassCount);
        Options = Options with { Labels = ClassNames, TargetInput = TargetText == ByInput && ClassNames?.Contains(ByInput) != true };
        if (!Options.TargetInput)
        {
            TargetOption target = new TargetSyntax(ClassNames, network.Shape.ClassCount).Parse(TargetText);
            Options = target.ByImage is null && target.ReferencePath is null
                ? Options with { Target = target.Target }
                : throw new UsageException($"--target {TargetText}: what comes from a file cannot be part of a model. Take 'input', and the model is told the class with each image.");
        }

        return (network, output);
    }
}
