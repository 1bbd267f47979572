using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Samples;

/// <summary>A row that names a photo.</summary>
internal sealed class Photo
{
    public string FileName { get; set; } = "";
}

/// <summary>A row that holds a photo.</summary>
internal sealed class PhotoInMemory
{
    public MLImage? Image { get; set; }
}

/// <summary>What the pipeline says of a photo.</summary>
internal sealed class Explanation
{
    public string FileName { get; set; } = "";

    public string Class { get; set; } = "";

    public float Probability { get; set; }

    [VectorType(112, 112)]
    public float[] Saliency { get; set; } = [];
}
