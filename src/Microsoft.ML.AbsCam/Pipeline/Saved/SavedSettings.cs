namespace Microsoft.ML.AbsCam.Pipeline.Saved;

/// <summary>What a saved pipeline says of its transformer, its network apart.</summary>
/// <param name="OutputColumnName">The name of the map column.</param>
/// <param name="InputColumnName">The name of the image column.</param>
/// <param name="Options">The options.</param>
internal sealed record SavedSettings(string OutputColumnName, string InputColumnName, AbsCamOptions Options);
