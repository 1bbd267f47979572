namespace Microsoft.ML.AbsCam;

/// <summary>Pixels of the network's input that a finding speaks of.</summary>
/// <param name="Height">Rows of the input.</param>
/// <param name="Width">Columns of the input.</param>
/// <param name="Pixels">Whether each is meant, row by row.</param>
public sealed record AuditRegion(int Height, int Width, IReadOnlyList<bool> Pixels)
{
    /// <summary>The share of the input that is meant, 0 to 1.</summary>
    public double Share => Pixels.Count(isMeant => isMeant) / (double)Pixels.Count;
}
