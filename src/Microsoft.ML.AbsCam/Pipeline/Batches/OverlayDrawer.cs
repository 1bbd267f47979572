using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Draws the first map of a row over its photo.</summary>
/// <param name="preprocessing">How the photo became the network's input.</param>
/// <param name="options">Colours.</param>
/// <param name="targetsPerRow">How many maps a row has.</param>
internal sealed class OverlayDrawer(ImagePreprocessing preprocessing, OverlayOptions options, int targetsPerRow)
{
    /// <returns>Null where there is no map.</returns>
    public MLImage? Draw(BatchResult row)
    {
        int target = row.Index * targetsPerRow;
        return row.Entry.Photo is { } photo && row.Explanation is { } maps && maps.Status[target] == MapStatus.Ok
            ? OverlayRenderer.Render(photo, maps.Map(target), maps.MapHeight, maps.MapWidth, ImageGeometry.For(photo.Width, photo.Height, preprocessing), options)
            : null;
    }
}
