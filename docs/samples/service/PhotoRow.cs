using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What goes into an engine.</summary>
internal sealed class PhotoRow
{
    public MLImage? Image { get; set; }
}

/// <summary>What comes out. The map's size is the network's, so the class leaves it open.</summary>
internal sealed class PhotoExplanation
{
    public string Class { get; set; } = "";

    public float Probability { get; set; }

    public string Status { get; set; } = "";

    public float[] Saliency { get; set; } = [];
}
