using System.Runtime.ExceptionServices;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads the current row of one cursor; what the source throws stays with that row.</summary>
internal sealed class RowReader(DataViewRow row, IInputReader input, AskReader ask, bool keepPhotos)
{
    public BatchEntry Read(int slot, Span<float> destination)
    {
        try
        {
            bool hasImage = input.TryRead(slot, destination, out MLImage? photo);
            return new BatchEntry(row.Position, hasImage, hasImage ? ask.Read(photo) : RowAsk.Nothing, keepPhotos ? photo : null, null) { PhotoSize = photo is null ? null : (photo.Width, photo.Height) };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new BatchEntry(row.Position, false, RowAsk.Nothing, null, ExceptionDispatchInfo.Capture(e));
        }
    }
}
