namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>A row's picture as the network takes it.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="Input">[planes, height, width].</param>
/// <param name="Object">The pixels of its object; null where it is not known where that is.</param>
internal sealed record KnownPicture(long Position, float[] Input, bool[]? Object);
