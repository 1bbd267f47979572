namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>An output that cannot be imported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MayBeScores">Whether it could hold class scores, by what the file says of it.</param>
/// <param name="Why">The sentence that says why it cannot.</param>
internal sealed record LeftOutput(string Name, bool MayBeScores, string Why);
