namespace Microsoft.ML.AbsCam.Demo;

/// <summary>
/// A small network that answers another question than <see cref="DemoNetwork"/>, or the same in another way. Each takes <c>input</c>
/// [batch,3,<see cref="DemoNetwork.InputSize"/>,<see cref="DemoNetwork.InputSize"/>] in RGB, normalised by <see cref="DemoNetwork.Mean"/> and
/// <see cref="DemoNetwork.Std"/>.
/// </summary>
public sealed class DemoTaskNetwork
{
    private DemoTaskNetwork(string name, string output, IReadOnlyList<string> classes) => (Name, Output, Classes) = (name, output, classes);

    /// <summary>
    /// A detector for <see cref="CrowdedScenes"/>: <c>output0</c> [batch,4 + classes,cells] before suppression, as the YOLO families export it. A cell's
    /// column is its box (middle across, middle down, width, height, in pixels of the input) and below it a score in [0,1] for each class.
    /// </summary>
    public static DemoTaskNetwork Detector { get; } = new("detector", "output0", DemoScenes.ClassNames);

    /// <summary>A segmenter for <see cref="CrowdedScenes"/>: <c>logits</c> [batch,1 + classes,height,width] at the input's size; channel 0 is the background.</summary>
    public static DemoTaskNetwork Segmenter { get; } = new("segmenter", "logits", Array.AsReadOnly<string>(["background", .. DemoScenes.ClassNames]));

    /// <summary>A classifier for <see cref="TwinScenes"/>, whose classes come in pairs that differ in one part: <c>logits</c> [batch,classes].</summary>
    public static DemoTaskNetwork Twins { get; } = new("twins", "logits", TwinScenes.ClassNames);

    /// <summary>Vectors of length 1, near for two <see cref="DemoScenes"/> of one kind of object and far for others: <c>embedding</c> [batch,numbers]. It has no classes.</summary>
    public static DemoTaskNetwork Embedding { get; } = new("embedding", "embedding", []);

    /// <summary>A vision transformer for <see cref="DemoScenes"/>: <c>logits</c> [batch,classes].</summary>
    public static DemoTaskNetwork Transformer { get; } = new("transformer", "logits", DemoScenes.ClassNames);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DemoTaskNetwork> All { get; } = Array.AsReadOnly<DemoTaskNetwork>([Detector, Segmenter, Twins, Embedding, Transformer]);

    /// <summary>What it is, in a word that is fit for a file's name.</summary>
    public string Name { get; }

    /// <summary>The name of its output.</summary>
    public string Output { get; }

    /// <summary>The names of its classes in the order of its output; none where it has no classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The network as an ONNX file.</summary>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="InvalidOperationException">The assembly was built without the network.</exception>
    public byte[] ReadOnnx() => EmbeddedFile.Read($"{Name}.onnx");
}
