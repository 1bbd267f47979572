using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The options that say how much a model may ask of the machine when it is opened.</summary>
internal sealed class ImportOptions
{
    private readonly Option<long?> _work = CommonOptions.Number(
        "--max-work", $"The work that opening the model may take, in multiply-adds. [default: {OnnxImportLimits.Default.MostMultiplyAdds}]", 1, long.MaxValue);

    private readonly Option<int?> _nodes = CommonOptions.Number(
        "--max-nodes", $"The nodes that the model may have. [default: {OnnxImportLimits.Default.MostNodes}]", 1, int.MaxValue);

    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_work);
        command.Add(_nodes);
    }

    /// <summary>Null where nothing is said.</summary>
    public OnnxImportLimits? For(ParseResult parsed)
    {
        (long? work, int? nodes) = (parsed.GetValue(_work), parsed.GetValue(_nodes));
        OnnxImportLimits usual = OnnxImportLimits.Default;
        return work is null && nodes is null ? null : usual with { MostMultiplyAdds = work ?? usual.MostMultiplyAdds, MostNodes = nodes ?? usual.MostNodes };
    }
}
