using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Writes the network's input for the current row of a cursor.</summary>
internal interface IInputReader
{
    /// <param name="slot">The row's place in the batch.</param>
    /// <param name="input">[C,H,W], to be filled.</param>
    /// <param name="photo">The photo, where there is one.</param>
    /// <returns>False where the row has no image.</returns>
    bool TryRead(int slot, Span<float> input, out MLImage? photo);
}
