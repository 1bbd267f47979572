namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What can be asked of the network: its classes, its layers, and the methods that the service is willing to run.</summary>
internal sealed class Offer
{
    // Left out: 4,000 passes a photo, and what explains nothing.
    private static readonly SaliencyMethod[] NotByItself = [SaliencyMethod.Rise, SaliencyMethod.Random, SaliencyMethod.CenterGaussian];

    public Offer(ImageNetwork network, IReadOnlyList<string> labels, ServiceOptions options)
    {
        Network = network.Name;
        Labels = labels;
        Layers = [.. network.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel)];
        SaliencyMethod usual = SaliencyMethod.Parse(options.Method);
        Methods = [usual, .. (options.Methods?.Select(SaliencyMethod.Parse) ?? SaliencyMethod.All.Except(NotByItself)).Where(method => method.Name != usual.Name)];
        Usual = new Question(usual.Name, network.FindLayer(null).Name);
    }

    public string Network { get; }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<FeatureLayer> Layers { get; }

    public IReadOnlyList<SaliencyMethod> Methods { get; }

    /// <summary>What is answered to whoever asks for nothing in particular.</summary>
    public Question Usual { get; }

    public FeatureLayer Layer(string name) => Layers.First(layer => layer.Name == name);

    /// <summary>As a page needs it to let somebody choose.</summary>
    public OfferBody Body() => new(
        Network,
        Labels,
        [.. Methods.Select(method => new MethodBody(method.Name, method.UsesLayer, MethodTexts.Of(method)))],
        [.. Layers.Select(layer => new LayerBody(layer.Name, layer.Operator, layer.Channels, layer.Height, layer.Width, layer.Kind.ToString(), layer.Reason, layer.Kind is LayerVerdict.Pick or LayerVerdict.Good))],
        Usual.Method,
        Usual.Layer!);
}
