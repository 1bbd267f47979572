namespace Microsoft.ML.AbsCam;

/// <summary>Which columns hold what, and how much is tried. Every property has a default that works.</summary>
public sealed record AuditOptions
{
    /// <summary>The column of images. Null takes the transformer's input column.</summary>
    public string? ImageColumn { get; init; }

    /// <summary>The column of maps, a vector of float [H,W]. Null takes the transformer's output column.</summary>
    public string? MapColumn { get; init; }

    /// <summary>The column of what lies under the heat, as <see cref="AbsCamColumns.HeatFeatures"/> makes it. Null takes the transformer's; where there is none, it is read of the layer as pictures are scored, and of a method without a layer, or with several, no strategies are looked for.</summary>
    public string? FeaturesColumn { get; init; }

    /// <summary>The column of what the pictures show: a key, an integer from 0, or a text that is a label. Null: nobody says, and nothing is called wrong.</summary>
    public string? TruthColumn { get; init; }

    /// <summary>A column of texts that findings call the rows by. Null: their numbers.</summary>
    public string? NameColumn { get; init; }

    /// <summary>The column of the boxes around the objects, as in <see cref="SaliencyEvaluationOptions.BoxesColumn"/>. Null: no boxes.</summary>
    public string? BoxesColumn { get; init; }

    /// <summary>The column of the objects' masks, as in <see cref="SaliencyEvaluationOptions.MaskColumn"/>. Null: no masks.</summary>
    public string? MaskColumn { get; init; }

    /// <summary>The probability of claiming anything false in one family of tests (the places of all classes; all experiments), above 0 and at most 0.5. Default: 0.05.</summary>
    public double Level { get; init; } = 0.05;

    /// <summary>How many pictures an experiment takes, 8 to 1024. Default: 64.</summary>
    public int Trials { get; init; } = 64;

    /// <summary>How many suspicions are tried by experiment, the strongest first, 1 to 1000. Default: 40.</summary>
    public int MostSuspects { get; init; } = 40;

    /// <summary>How many altered pictures go through the network at once, 1 to 4096. Default: 32.</summary>
    public int PassSize { get; init; } = 32;

    /// <summary>What permutations, samples and intervals are drawn from. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// A file that keeps what the network answers while an audit runs, so that one that ended early goes on from there: the same data and options ask the same again, and an answer
    /// stands for the network and the pictures that are the same to the last bit. One pass of every 32 is asked again; where that comes to something else, the audit begins anew, and the log says so. A picture takes 4 bytes a class, and in the first pass over
    /// the rows 4 a channel of the layer. The file stays when the report is made: delete it once that is kept. Null: nothing is kept. Default: null.
    /// </summary>
    public string? JournalPath { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        if (!(Level > 0 && Level <= 0.5))
        {
            throw new ArgumentOutOfRangeException(nameof(Level), Level, $"{nameof(AuditOptions)}.{nameof(Level)} is a probability above 0 and at most 0.5.");
        }

        CheckRange(Trials, 8, 1024, nameof(Trials));
        CheckRange(MostSuspects, 1, 1000, nameof(MostSuspects));
        CheckRange(PassSize, 1, 4096, nameof(PassSize));
    }

    private static void CheckRange(int value, int least, int most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(AuditOptions)}.{name} is a number from {least} to {most}.");
        }
    }
}
