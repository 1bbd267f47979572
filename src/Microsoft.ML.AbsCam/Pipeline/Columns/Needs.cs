namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>What the columns that somebody reads make necessary.</summary>
/// <param name="Anything">Whether the network has to run at all.</param>
/// <param name="Maps">Whether maps have to be made; the status and the cost of a map are known only then.</param>
/// <param name="Overlays">Whether photos are kept until their overlay is drawn.</param>
internal readonly record struct Needs(bool Anything, bool Maps, bool Overlays);
