namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Why there is no map, in words: alike in logs, tables and pages. The command compiles it in as well.</summary>
internal static class MapStatusText
{
    /// <returns>The beginning of a sentence, or all of one without its full stop.</returns>
    public static string Of(MapStatus status) => status switch
    {
        MapStatus.Flat => "the map has one value everywhere, so it points nowhere",
        MapStatus.Rounding => "the terms of the map cancel each other, as before a normalisation, and what is left is rounding; name the normalisation's output as the layer, or take another method",
        MapStatus.Incomplete => "what the method adds up is not this image's score, as where a number was cut from above, so the map would leave something out; take another method",
        MapStatus.NotFinite => "the network's scores or the map are not finite numbers",
        MapStatus.TargetOutOfRange => "the class that is asked for is none of the network's classes",
        MapStatus.TargetNotFound => "the box, region or reference that is asked about is not there: the mask is empty, the embedding is missing, no pixel has the class, or nothing with a probability of 1 % or more overlaps the asked box by a quarter; ask about what the network finds, such as its most confident box",
        MapStatus.UnreadableImage => "there is no image",
        _ => "there is a map",
    };
}
