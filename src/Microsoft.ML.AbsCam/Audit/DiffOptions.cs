namespace Microsoft.ML.AbsCam;

/// <summary>Which columns hold what in both explained data sets, and how sure a finding has to be. Every property has a default that works.</summary>
public sealed record DiffOptions
{
    /// <summary>The column of texts by which a picture is known in both. Default: <c>Name</c>.</summary>
    public string NameColumn { get; init; } = "Name";

    /// <summary>The column of maps, a vector of float [H,W]; those of the two may differ in size. Default: <c>Saliency</c>.</summary>
    public string MapColumn { get; init; } = "Saliency";

    /// <summary>The column of the class that the network gives and the map explains: a key, an integer or a text; classes are the same where their names are, or else their numbers. Default: <c>Class</c>.</summary>
    public string ClassColumn { get; init; } = "Class";

    /// <summary>The column of that class's probability, a float. Default: <c>Probability</c>.</summary>
    public string ProbabilityColumn { get; init; } = "Probability";

    /// <summary>A column of texts of the first data set: what the picture shows, as classes are called. Null: nobody says, and nothing is called better or worse.</summary>
    public string? TruthColumn { get; init; }

    /// <summary>A column of float in both: the share of the heat that lies on the object, 0 to 1, NaN where it is not known. Null: nobody says where objects are.</summary>
    public string? ObjectShareColumn { get; init; }

    /// <summary>The probability of claiming anything false in one family of tests, above 0 and at most 0.5. Default: 0.05.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>What permutations and intervals are drawn from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (!(Level > 0 && Level <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(Level), Level, $"{nameof(DiffOptions)}.{nameof(Level)} is a probability above 0 and at most 0.5.");
        }
    }
}
