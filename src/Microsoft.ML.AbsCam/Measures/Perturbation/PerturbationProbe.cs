namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>
/// A series of altered images whose scores a measure asks for. Equal probes are scored once, whatever the number of measures that ask.
/// </summary>
internal abstract record PerturbationProbe
{
    /// <summary>How many altered images a probe of an image of that many pixels has.</summary>
    public abstract int Count(int pixels);

    /// <summary>The altered images of one row.</summary>
    public abstract ProbeImages Of(RowImage row);

    /// <summary>Whether the score is 1 where the row's class is still the highest and 0 where it is not, in place of its probability.</summary>
    public virtual bool AsksForHighest => false;
}
