using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>A row that has been read and waits for its batch.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="HasImage">Whether its input was written.</param>
/// <param name="Target">The class that it asks for, -1 for one that is not there; 0 where rows do not ask.</param>
/// <param name="Photo">The photo, where an overlay may be drawn; it belongs to the source.</param>
/// <param name="Error">What the source threw.</param>
internal sealed record BatchEntry(long Position, bool HasImage, int Target, MLImage? Photo, ExceptionDispatchInfo? Error);
