namespace Microsoft.ML.AbsCam;

/// <summary>What loading weights did.</summary>
/// <param name="Loaded">Parameters and buffers that were filled.</param>
/// <param name="Missing">Parameters and buffers that the file does not have; they are as they were. Empty where loading is strict.</param>
/// <param name="Unexpected">Names in the file that the module does not have. Empty where loading is strict.</param>
public sealed record WeightsReport(IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected);
