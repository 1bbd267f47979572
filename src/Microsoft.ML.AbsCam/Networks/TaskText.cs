namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Tasks in words.</summary>
internal static class TaskText
{
    /// <summary>As in "it is taken to find objects".</summary>
    public static string Infinitive(NetworkTask task) => task switch
    {
        NetworkTask.Detect => "find objects (detect)",
        NetworkTask.Segment => "tell the class of each pixel (segment)",
        NetworkTask.Embed => "make an embedding (embed)",
        NetworkTask.Regress => "estimate numbers (regress)",
        _ => "tell classes apart (classify)",
    };

    /// <summary>As in "a network that detects".</summary>
    public static string Verb(NetworkTask task) => task switch
    {
        NetworkTask.Detect => "detects",
        NetworkTask.Segment => "segments",
        NetworkTask.Embed => "embeds",
        NetworkTask.Regress => "regresses",
        _ => "classifies",
    };

    /// <summary>A task and what it was told by.</summary>
    /// <param name="task">What the network is for.</param>
    /// <param name="asked">What it was opened for.</param>
    /// <param name="layout">What its output holds.</param>
    /// <param name="evidence">What the output's numbers are.</param>
    /// <param name="names">How many classes have names; null where that is not known.</param>
    public static string Of(NetworkTask task, NetworkTask asked, OutputLayout layout, ScoreEvidence evidence, int? names)
    {
        string more = layout is not OutputLayout.ScoreVector ? ""
            : evidence.Kind is not (ScoreKind.Logits or ScoreKind.Unclear) ? " that are probabilities"
            : names == layout.Classes ? ", as many as there are names of classes"
            : ", which could be an embedding or a regression as well";
        return $"{Infinitive(task)}: {(asked != NetworkTask.Auto ? $"so it is asked, and the output is {layout}" : $"the output is {layout}{more}")}";
    }
}
