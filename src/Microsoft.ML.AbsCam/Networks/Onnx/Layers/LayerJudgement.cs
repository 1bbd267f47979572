namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>What is said of a map.</summary>
/// <param name="Kind">In one word.</param>
/// <param name="Sentence">With the names of the layers that it is compared with.</param>
internal readonly record struct LayerJudgement(LayerVerdict Kind, string Sentence)
{
    /// <summary>Without names, in at most 80 characters.</summary>
    public string Reason => Kind switch
    {
        LayerVerdict.Pick => "last map or tokens of features whose places count",
        LayerVerdict.NoGradient => "no gradient of the scores reaches its places",
        LayerVerdict.Good => "as large as the pick; nothing bypasses it",
        LayerVerdict.Pooled => "pooled; the map before it is finer",
        LayerVerdict.ClassChannels => "one channel a class: scores, not features",
        LayerVerdict.InsideBlock => "one of several ways; the joined map holds all",
        LayerVerdict.Attention => "weighs another map; holds no features",
        LayerVerdict.BeforeActivation => "before its activation",
        LayerVerdict.Copy => "same numbers as the map before it",
        LayerVerdict.TooEarly => "most of the network's work comes behind it",
        LayerVerdict.OnePixel => "1 x 1: no places to tell apart",
        _ => "earlier: finer, but less of the class",
    };
}
