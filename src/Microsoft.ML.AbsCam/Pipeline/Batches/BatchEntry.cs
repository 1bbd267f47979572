using System.Runtime.ExceptionServices;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>A row that has been read and waits for its batch.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="HasImage">Whether its input was written.</param>
/// <param name="Ask">What it asks for.</param>
/// <param name="Photo">The photo, where an overlay may be drawn; it belongs to the source.</param>
/// <param name="Error">What the source threw.</param>
internal sealed record BatchEntry(long Position, bool HasImage, RowAsk Ask, MLImage? Photo, ExceptionDispatchInfo? Error)
{
    /// <summary>The photo's width and height; null where the input is a vector.</summary>
    public (int Width, int Height)? PhotoSize { get; init; }
}
