using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The options that say what is taken of a model when it is opened, and how much it may ask of the machine.</summary>
internal sealed class ImportOptions
{
    private readonly Option<string?> _output = CommonOptions.ScoresOutput();
    private readonly Option<long?> _work = CommonOptions.Number(
        "--max-work", $"The work that opening the model may take, in multiply-adds. [default: {OnnxImportLimits.Default.MostMultiplyAdds}]", 1, long.MaxValue);

    private readonly Option<int?> _nodes = CommonOptions.Number(
        "--max-nodes", $"The nodes that the model may have. [default: {OnnxImportLimits.Default.MostNodes}]", 1, int.MaxValue);

    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_output);
        command.Add(_work);
        command.Add(_nodes);
    }

    /// <summary>The network of a model file.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The file.</param>
    /// <param name="size">Rows and columns of the input, where they are given.</param>
    /// <param name="labels">The file of class names, whose number tells which output scores them.</param>
    public ImageNetwork Open(ParseResult parsed, string model, (int Height, int Width)? size = null, string? labels = null)
        => ImageNetwork.FromOnnx(model, size?.Height, size?.Width, For(parsed), parsed.GetValue(_output), labels is null ? null : LabelFile.Count(labels));

    /// <summary>Null where nothing is said.</summary>
    private OnnxImportLimits? For(ParseResult parsed)
    {
        (long? work, int? nodes) = (parsed.GetValue(_work), parsed.GetValue(_nodes));
        OnnxImportLimits usual = OnnxImportLimits.Default;
        return work is null && nodes is null ? null : usual with { MostMultiplyAdds = work ?? usual.MostMultiplyAdds, MostNodes = nodes ?? usual.MostNodes };
    }
}
