using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>A row with a photo of any size, a map and an object.</summary>
internal sealed class PhotoMeasureRow
{
    public MLImage? Image { get; set; }

    public float[] Saliency { get; set; } = [];

    public float[] Boxes { get; set; } = [];

    public MLImage? Mask { get; set; }

    public int Target { get; set; }

    /// <summary>A photo with a map that is 1 in one cell and 0 elsewhere.</summary>
    public static PhotoMeasureRow Pointing(int width, int height, int mapWidth, int mapHeight, int x, int y, params float[] boxes)
    {
        float[] map = new float[mapWidth * mapHeight];
        map[(y * mapWidth) + x] = 1;
        return new PhotoMeasureRow { Image = TestImage.Noise(width, height), Saliency = map, Boxes = boxes };
    }

    public static SaliencyRowMetrics[] Measure(MLContext context, SaliencyEvaluationOptions options, params PhotoMeasureRow[] rows)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return [.. context.Saliency.EvaluateRows(context.Data.LoadFromEnumerable(rows), network, options)];
    }

    /// <param name="resize">How photos become 8 x 8.</param>
    /// <param name="measures">What is measured.</param>
    public static SaliencyEvaluationOptions Options(ResizeRule resize, params SaliencyMeasure[] measures) => new()
    {
        Preprocessing = Photos.Preprocessing with { Resize = resize },
        BoxesColumn = nameof(Boxes),
        TargetColumn = nameof(Target),
        Measures = measures,
    };
}
