namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>A picture, and the region of it that an intervention takes.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="Picture">[planes, height, width].</param>
/// <param name="Region">The pixels.</param>
internal sealed record Subject(long Position, float[] Picture, bool[] Region);
