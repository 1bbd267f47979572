namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>A series of altered images that are explained once more, for the row's class, and whose maps are compared with the row's.</summary>
internal abstract record MapProbe : PerturbationProbe
{
    /// <summary>What the altered images are, in words that follow on "there is no map of ".</summary>
    public abstract string Images { get; }

    /// <param name="row">The image and its map.</param>
    /// <param name="map">The map of one altered image, at the network's input size.</param>
    public abstract double Compare(RowImage row, float[] map);
}
