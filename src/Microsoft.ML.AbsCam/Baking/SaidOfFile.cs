using Microsoft.ML.AbsCam.Networks;
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

    /// <param name="hash">The SHA-256 of the file that is baked.</param>
    /// <param name="scores">The value that holds the scores.</param>
    /// <param name="file">The file that is written.</param>
    /// <param name="saliency">The output of the maps.</param>
    /// <param name="classes">The output of the classes.</param>
    /// <param name="given">The input of the classes; null where there is none.</param>
    public IEnumerable<KeyValuePair<string, string>> Of(string hash, string scores, BakedFile file, string saliency, string classes, string? given)
    {
        string target = given is null ? options.Target.ToString() : BakedPlan.OfInput;
        if (network.Layout is not OutputLayout.ScoreVector || options.Target is SimilarityTarget)
        {
            // A place or a likeness says more than its map, and whoever wants that takes the model itself.
            return Said(("method", options.Method.Name), ("layer", layer.Name), ("target", target), ("model.sha256", hash));
        }

        ContrastTarget? contrast = options.Target as ContrastTarget;
        OutputTarget? output = options.Target as OutputTarget;
        return new BakedPlan
        {
            Method = options.Method.Name,
            Target = target,
            Layer = layer,
            AtLayerSize = options.MapSize == MapSize.Layer,
            Model = hash,
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
            Class = output is null ? IndexOf(options.Target.ClassPart) : null,
            Against = contrast?.Against is RunnerUpTarget ? BakedPlan.RunnerUp : IndexOf(contrast?.Against)?.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Gamma = contrast?.Gamma,
            Output = output?.Index,
            Sign = output?.Negative == true ? -1 : 1,
            Labels = Labels?.Any(label => label.Contains('\n', StringComparison.Ordinal)) == true ? null : Labels,
        }.Said;
    }

    private static IEnumerable<KeyValuePair<string, string>> Said(params ReadOnlySpan<(string Key, string Value)> facts)
        => facts.ToArray().Select(fact => KeyValuePair.Create(BakedPlan.Prefix + fact.Key, fact.Value));

    private int? IndexOf(SaliencyTarget? part) => part switch
    {
        ClassTarget { Index: int index } => index,
        NamedClassTarget { Name: string name } => Labels!.ToList().IndexOf(name),
        _ => null,
    };
}
