namespace Microsoft.ML.AbsCam;

/// <summary>The names of the columns that are appended beside the map. Null, the default of each: not made.</summary>
public sealed record AbsCamColumns
{
    /// <summary>The column for the explained class: a key, with the labels as key values.</summary>
    public string? Class { get; init; }

    /// <summary>The column for the probability of the explained class, in [0,1].</summary>
    public string? Probability { get; init; }

    /// <summary>The column for the probabilities of all classes; of <see cref="SaliencyTarget.Several"/> only where all of them are about classes of the image.</summary>
    public string? Scores { get; init; }

    /// <summary>The column for the class that the explained one is told from, where the question is a <see cref="SaliencyTarget.Contrast"/>: a key as <see cref="Class"/>, missing elsewhere.</summary>
    public string? Against { get; init; }

    /// <summary>The column for the box that is asked about, of a detector: left, top, right and bottom in pixels of the photo; NaN where there is none.</summary>
    public string? Box { get; init; }

    /// <summary>
    /// The column for the region that is asked about, of a segmentation: a vector of float as large as the map, with the share of each place that lies inside, 0 to 1;
    /// NaN where there is none.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// The column for the <see cref="MapStatus"/>, as text. Without it, a row whose image cannot be read throws when it is asked for; with it, it
    /// says so here.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>The column for the photo with the map over it, at the photo's own size; needs image input.</summary>
    public string? Overlay { get; init; }

    /// <summary>
    /// The column for the number of images that went through the network for this row: its own, masked and noisy ones, and
    /// ablated activations, which run from the layer on and count as one each.
    /// </summary>
    public string? Forwards { get; init; }

    /// <summary>
    /// The column for what lies under the heat: the layer's activations averaged over its places with the map as weights, a vector of float of as many values as the
    /// layer has channels (of several targets, a row each). Rows whose heat lies on alike things have alike vectors. NaN where there is no map. Needs a method that
    /// explains one layer.
    /// </summary>
    public string? HeatFeatures { get; init; }

    /// <summary>The column for the row's share of its batch's computing time, in milliseconds.</summary>
    public string? Milliseconds { get; init; }

    /// <exception cref="ArgumentException">A name is empty; the message says which.</exception>
    internal void Validate()
    {
        Check(Class, nameof(Class));
        Check(Probability, nameof(Probability));
        Check(Scores, nameof(Scores));
        Check(Against, nameof(Against));
        Check(Box, nameof(Box));
        Check(Region, nameof(Region));
        Check(Status, nameof(Status));
        Check(Overlay, nameof(Overlay));
        Check(Forwards, nameof(Forwards));
        Check(HeatFeatures, nameof(HeatFeatures));
        Check(Milliseconds, nameof(Milliseconds));
    }

    private static void Check(string? value, string name)
    {
        if (value?.Length == 0)
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(AbsCamOptions.Columns)}.{name} is empty. Give the column a name, or null where it is not wanted.");
        }
    }
}
