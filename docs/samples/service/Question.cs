namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What a pipeline is made for: photos and classes vary from row to row, this does not.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Layer">The layer's; null for a method that has none.</param>
/// <param name="AsksForClass">Whether the row says which class; if not, the one that the network scores highest.</param>
/// <param name="IsSmall">Whether the map has the layer's size, which a browser enlarges itself, instead of the input's.</param>
internal sealed record Question(string Method, string? Layer, bool AsksForClass = false, bool IsSmall = false);
