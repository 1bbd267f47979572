using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What goes into an engine.</summary>
internal sealed class PhotoRow
{
    public MLImage? Image { get; set; }

    /// <summary>The class that is asked for, where the engine's question asks for one.</summary>
    public int Class { get; set; }
}

/// <summary>What comes out. The sizes of map and scores are the network's, so the class leaves them open.</summary>
internal sealed class PhotoExplanation
{
    public string ClassName { get; set; } = "";

    public float Probability { get; set; }

    public string Status { get; set; } = "";

    public float[] Scores { get; set; } = [];

    public float[] Saliency { get; set; } = [];
}
