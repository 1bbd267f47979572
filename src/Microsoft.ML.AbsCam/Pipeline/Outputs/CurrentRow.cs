using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>The computed row that a reader stands on, as getters see it.</summary>
/// <param name="explainer">What computes rows.</param>
/// <param name="current">Computes this one, or finds it computed.</param>
internal sealed class CurrentRow(RowExplainer explainer, Func<BatchResult> current)
{
    public BatchResult Get()
    {
        explainer.CheckAlive();
        return explainer.Checked(current());
    }

    /// <summary>The box that one of the row's targets is about, in pixels of the photo; null where there is none.</summary>
    public float[]? Box(int target) => explainer.BoxOf(Get(), target);

    /// <summary>How much of each place of a map lies in the region that one of the row's targets is about; null where there is none.</summary>
    public float[]? Region(int target, int height, int width)
        => explainer.PlaceOf(Get(), target) is AskedPlace.MaskPlace mask ? CellPair.Resize(mask.Inside, mask.Height, mask.Width, height, width) : null;

    /// <summary>The photo with the first map over it; null where there is no map.</summary>
    public MLImage? DrawOverlay() => explainer.DrawOverlay(Get());
}
