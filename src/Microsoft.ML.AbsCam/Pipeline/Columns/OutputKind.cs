namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>What an output column holds.</summary>
internal enum OutputKind
{
    Map,
    Class,
    Probability,
    Scores,
    Status,
    Overlay,
    Forwards,
    Milliseconds,
}
