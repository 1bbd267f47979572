namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What a client gets to choose from.</summary>
internal sealed record OfferBody(string Network, IReadOnlyList<string> Classes, IReadOnlyList<MethodBody> Methods, IReadOnlyList<LayerBody> Layers, string Method, string Layer);

/// <summary>A method, and what it does in a sentence.</summary>
internal sealed record MethodBody(string Name, bool UsesLayer, string Text);

/// <summary>A layer, its size, and what it is good for.</summary>
internal sealed record LayerBody(string Name, string Operator, int Channels, int Height, int Width, string Kind, string Reason, bool IsGood);
