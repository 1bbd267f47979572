using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads the current row of one cursor; what the source throws stays with that row.</summary>
internal sealed class RowReader(DataViewRow row, IInputReader input, Func<int>? target, bool keepPhotos)
{
    public BatchEntry Read(int slot, Span<float> destination)
    {
        try
        {
            bool hasImage = input.TryRead(slot, destination, out MLImage? photo);
            return new BatchEntry(row.Position, hasImage, target?.Invoke() ?? 0, keepPhotos ? photo : null, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new BatchEntry(row.Position, false, 0, null, ExceptionDispatchInfo.Capture(e));
        }
    }
}
