namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>Writes the altered images of one row, one after the other, so that each may build on the one before.</summary>
internal abstract class ProbeImages
{
    /// <summary>Writes the next image [C,H,W].</summary>
    public abstract void WriteNext(Span<float> image);
}
