namespace Microsoft.ML.AbsCam.Demo;

/// <summary>A small convolutional network that tells the objects of <see cref="DemoScenes"/> apart.</summary>
public static class DemoNetwork
{
    private const string Resource = "demo.onnx";

    /// <summary>The names of the classes, in the order of the network's output.</summary>
    public static IReadOnlyList<string> Classes => DemoScenes.ClassNames;

    /// <summary>Width and height of the network's input.</summary>
    public static int InputSize => 112;

    /// <summary>What training subtracted from red, green and blue in [0,1].</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.45f, 0.45f, 0.4f];

    /// <summary>What training then divided red, green and blue by.</summary>
    public static IReadOnlyList<float> Std { get; } = [0.25f, 0.25f, 0.25f];

    /// <summary>The network as an ONNX file: input <c>input</c> [batch,3,<see cref="InputSize"/>,<see cref="InputSize"/>] in RGB, output <c>logits</c> [batch,classes].</summary>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="InvalidOperationException">The assembly was built without the network.</exception>
    public static byte[] ReadOnnx() => EmbeddedFile.Read(Resource);
}
