using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Rows;

/// <summary>Reads the current row of one cursor; what the source throws stays with that row.</summary>
internal sealed class RowReader(DataViewRow row, IInputReader input, Func<int>? target, bool keepPhotos)
{
    public PendingRow Read(int slot, Span<float> destination)
    {
        try
        {
            bool hasImage = input.TryRead(slot, destination, out MLImage? photo);
            return new PendingRow(row.Position, hasImage, target?.Invoke() ?? 0, keepPhotos ? photo : null, null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new PendingRow(row.Position, false, 0, null, ExceptionDispatchInfo.Capture(e));
        }
    }
}
