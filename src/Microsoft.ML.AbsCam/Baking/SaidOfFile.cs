using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What a baked file says of itself, so that this library explains by it without importing it, and people see what it holds.</summary>
/// <param name="network">The network that is baked.</param>
/// <param name="imported">The same, imported.</param>
/// <param name="options">How it is explained.</param>
/// <param name="layer">The layer.</param>
/// <param name="sizeIsOpen">Whether the file takes images of other sizes.</param>
/// <param name="isOfOne">Whether it is right for one image at a time alone.</param>
internal sealed class SaidOfFile(OnnxImageNetwork network, OnnxNetwork imported, BakeOptions options, FeatureLayer layer, bool sizeIsOpen, bool isOfOne)
{
    private IReadOnlyList<string>? Labels => options.Labels ?? network.Labels;

    private string Hash => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(network.ToBake().File.Span));

    /// <summary>All that this library explains by.</summary>
    /// <param name="scores">The value that holds the scores.</param>
    /// <param name="file">The file that is written.</param>
    /// <param name="saliency">The output of the maps.</param>
    /// <param name="classes">The output of the classes.</param>
    /// <param name="given">The input of the classes; null where there is none.</param>
    /// <param name="question">What is answered besides which class; null where nothing is.</param>
    public BakedPlan Plan(string scores, BakedFile file, string saliency, string classes, string? given, BakedQuestion? question)
    {
        ContrastTarget? contrast = options.Target as ContrastTarget;
        OutputTarget? output = options.Target as OutputTarget;
        return new BakedPlan
        {
            Method = options.Method.Name,
            Target = given is null ? options.Target.ToString() : BakedPlan.OfInput,
            Layer = layer,
            AtLayerSize = options.MapSize == MapSize.Layer,
            Model = Hash,
            Input = imported.InputName,
            InputType = file.TypeOfInput(imported.InputName),
            ChannelsLast = imported.ChannelsLast,
            Shape = network.Shape,
            SizeIsOpen = sizeIsOpen,
            IsOfOne = isOfOne,
            Scores = scores,
            ScoresAreOutput = file.HasOutput(scores),
            Evidence = network.ScoreEvidence,
            Saliency = saliency,
            Classes = classes,
            Given = given,
            Layout = network.Layout,
            Question = question,
            Class = output is null ? options.IndexOf(options.Target.ClassPart, network.Labels) : null,
            Against = contrast?.Against is RunnerUpTarget ? BakedPlan.RunnerUp : options.IndexOf(contrast?.Against, network.Labels)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Gamma = contrast?.Gamma,
            Output = output?.Index,
            Sign = output?.Negative == true ? -1 : 1,
            Labels = Labels?.Any(label => label.Contains('\n', StringComparison.Ordinal)) == true ? null : Labels,
        };
    }
}
