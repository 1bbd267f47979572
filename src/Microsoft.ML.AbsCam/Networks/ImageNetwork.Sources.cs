using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.BlackBoxes;
using Microsoft.ML.AbsCam.Networks.Modules;
using Microsoft.ML.AbsCam.Networks.Scripts;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <content>Where networks come from.</content>
public abstract partial class ImageNetwork
{
    /// <summary>
    /// Reads a network from an ONNX file: operator sets 7 to 26, one image input [batch,3,H,W], outputs of which one holds class scores. A file into which an explanation was
    /// baked (<see cref="NetworkBaking"/>) is explained by that, in ONNX Runtime alone: it needs no libtorch, and is open to no other method, layer or target.
    /// </summary>
    /// <param name="file">The path of the file.</param>
    /// <param name="inputHeight">Rows of the input where the file leaves them open; null takes 224.</param>
    /// <param name="inputWidth">Columns of the input where the file leaves them open; null takes 224.</param>
    /// <param name="limits">How much the file may ask of the machine when it is imported; null takes <see cref="OnnxImportLimits.Default"/>.</param>
    /// <param name="scoresOutput">The output that holds the class scores, or a value inside the network; null where the file tells. Where it does not, the network fails to open and names all that could.</param>
    /// <param name="classes">How many classes there are: of several outputs that could hold their scores, the one with as many is taken. Null where it is not known.</param>
    /// <param name="task">What the network is for, where its output could be something else too. One that the output cannot be fails to open.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ImageNetwork FromOnnx(string file, int? inputHeight = null, int? inputWidth = null, OnnxImportLimits? limits = null, string? scoresOutput = null, int? classes = null,
        NetworkTask task = NetworkTask.Auto)
        => ModelFile.FromFile(file, inputHeight, inputWidth, limits, scoresOutput, classes, task);

    /// <summary>Reads a network from a stream that holds an ONNX file; the stream is read to its end and left open.</summary>
    /// <inheritdoc cref="FromOnnx(string, int?, int?, OnnxImportLimits?, string?, int?, NetworkTask)"/>
    public static ImageNetwork FromOnnx(Stream stream, int? inputHeight = null, int? inputWidth = null, OnnxImportLimits? limits = null, string? scoresOutput = null, int? classes = null,
        NetworkTask task = NetworkTask.Auto)
        => ModelFile.FromStream(stream, inputHeight, inputWidth, limits, scoresOutput, classes, task);

    /// <summary>Reads a network from the bytes of an ONNX file; the bytes are not copied and must not change.</summary>
    /// <inheritdoc cref="FromOnnx(string, int?, int?, OnnxImportLimits?, string?, int?, NetworkTask)"/>
    public static ImageNetwork FromOnnx(ReadOnlyMemory<byte> bytes, int? inputHeight = null, int? inputWidth = null, OnnxImportLimits? limits = null, string? scoresOutput = null, int? classes = null,
        NetworkTask task = NetworkTask.Auto)
        => ModelFile.Open(bytes, "network.onnx", null, inputHeight, inputWidth, limits, scoresOutput, classes, task);

    /// <summary>
    /// Takes any function that scores images: a network of another library, a service, a rule. Nothing can be seen of it but its scores, so the methods that need
    /// the image alone (<see cref="SaliencyMethod.Rise"/>) and all measures work with it, and methods that need activations or gradients are refused.
    /// </summary>
    /// <param name="scorer">
    /// From images, each [C,H,W] in that order with red, green and blue as channels, to their scores, an array of one number a class each: probabilities or logits, which a few
    /// made-up images show. Without an <see cref="AbsCamOptions.Preprocessing"/> the values are levels from 0 to 255, which masks make fractions of. It is called by one thread at a time.
    /// </param>
    /// <param name="inputHeight">Rows of the images, in pixels.</param>
    /// <param name="inputWidth">Columns of the images, in pixels.</param>
    /// <param name="classes">How many scores there are; 1 for the score of class 1 of two.</param>
    /// <param name="inputChannels">Channels of the images: 3, or 1 for grey levels.</param>
    /// <param name="name">What it is called in messages.</param>
    public static ImageNetwork FromScorer(Func<float[][], float[][]> scorer, int inputHeight, int inputWidth, int classes, int inputChannels = 3, string name = "scorer")
    {
        ArgumentNullException.ThrowIfNull(scorer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ScorerImageNetwork(name, scorer, new NetworkShape(inputChannels, inputHeight, inputWidth, classes));
    }

    /// <summary>Takes a TorchSharp module whose forward pass gives class scores, [B,classes].</summary>
    /// <remarks>
    /// During a pass the module is in evaluation mode and its parameters are frozen; afterwards both are as before. Another
    /// thread may run the module meanwhile, and must not train it. Passes of several networks around one module take turns.
    /// Where the module ends in a softmax or sigmoid, which a few made-up images show, the scores before it are explained where they can be
    /// found. It may be of any floating type: images are brought to it, and maps are of float32.
    /// </remarks>
    /// <param name="module">The module. It stays the caller's: its parameters, gradients and mode are left as they are, and it is not disposed.</param>
    /// <param name="layer">The path of the feature layer as <c>named_modules</c> gives it, for example <c>layer4.1.relu</c>.</param>
    /// <param name="inputHeight">Rows of the input, in pixels.</param>
    /// <param name="inputWidth">Columns of the input, in pixels.</param>
    /// <param name="inputChannels">Channels of the input.</param>
    /// <param name="architecture">The name under which <see cref="NetworkArchitectures"/> makes an equal module when a saved pipeline is loaded; null where it is never saved.</param>
    /// <exception cref="ArgumentException">The module has no such layer; the message names near ones.</exception>
    public static ImageNetwork FromModule(nn.Module<Tensor, Tensor> module, string layer, int inputHeight, int inputWidth, int inputChannels = 3, string? architecture = null)
        => new ModuleImageNetwork(ScoringModule.Of(module), layer, inputHeight, inputWidth, inputChannels, architecture, ownsModule: false);

    /// <summary>Takes a TorchSharp module with its feature layer given as an object. A layer that the forward pass calls several times is explained at its last call.</summary>
    /// <param name="module">The module.</param>
    /// <param name="layer">One of the modules inside it.</param>
    /// <param name="inputHeight">Rows of the input, in pixels.</param>
    /// <param name="inputWidth">Columns of the input, in pixels.</param>
    /// <param name="inputChannels">Channels of the input.</param>
    /// <param name="architecture">As in <see cref="FromModule(nn.Module{Tensor, Tensor}, string, int, int, int, string?)"/>.</param>
    /// <exception cref="ArgumentException">The layer is not inside the module.</exception>
    public static ImageNetwork FromModule(nn.Module<Tensor, Tensor> module, nn.Module layer, int inputHeight, int inputWidth, int inputChannels = 3, string? architecture = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(layer);
        string? path = module.named_modules().Where(child => ReferenceEquals(child.module, layer)).Select(child => child.name).FirstOrDefault();
        return FromModule(
            module,
            path ?? throw new ArgumentException($"The layer '{layer.GetName()}' is not one of the module's own. Register it as a component, or name another.", nameof(layer)),
            inputHeight,
            inputWidth,
            inputChannels,
            architecture);
    }

    /// <summary>Takes a TorchSharp module whose forward pass gives more than class scores, for example a tuple.</summary>
    /// <param name="module">The module.</param>
    /// <param name="scores">Picks the class scores, [B,classes], out of what the module gives.</param>
    /// <param name="layer">The path of the feature layer.</param>
    /// <param name="inputHeight">Rows of the input, in pixels.</param>
    /// <param name="inputWidth">Columns of the input, in pixels.</param>
    /// <param name="inputChannels">Channels of the input.</param>
    /// <param name="architecture">As in <see cref="FromModule(nn.Module{Tensor, Tensor}, string, int, int, int, string?)"/>.</param>
    /// <typeparam name="TOutput">What the module gives.</typeparam>
    /// <exception cref="ArgumentException">The module has no such layer; the message names near ones.</exception>
    public static ImageNetwork FromModule<TOutput>(
        nn.Module<Tensor, TOutput> module, Func<TOutput, Tensor> scores, string layer, int inputHeight, int inputWidth, int inputChannels = 3, string? architecture = null)
        => new ModuleImageNetwork(ScoringModule.Of(module, scores), layer, inputHeight, inputWidth, inputChannels, architecture, ownsModule: false);

    /// <summary>
    /// Takes a network that was cut in two in Python, as TorchScript files of <c>torch.jit.save</c>: images to feature maps, and
    /// feature maps to class scores.
    /// </summary>
    /// <remarks>
    /// <para><b>Only for files that you trust as you trust a program.</b> TorchScript holds code, which libtorch compiles and runs,
    /// and nothing can tell whether it is harmless. So no other method, no saved pipeline and no command ever opens such a file,
    /// and a pipeline with such a network cannot be saved. ONNX files hold no code and know all layers; prefer them.</para>
    /// <para>The one layer is <c>features</c>, what the first file gives. Both files must take any batch. A script that
    /// needs an operator which this libtorch lacks can end the process, because its compiler's errors are not caught on
    /// the way to .NET.</para>
    /// </remarks>
    /// <param name="featuresFile">The path of the first file: [B,C,H,W] to feature maps [B,K,h,w].</param>
    /// <param name="headFile">The path of the second: [B,K,h,w] to class scores before any softmax, [B,classes].</param>
    /// <param name="inputHeight">Rows of the input, in pixels.</param>
    /// <param name="inputWidth">Columns of the input, in pixels.</param>
    /// <param name="inputChannels">Channels of the input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ImageNetwork FromTorchScript(string featuresFile, string headFile, int inputHeight, int inputWidth, int inputChannels = 3)
        => new ScriptImageNetwork(featuresFile, headFile, inputHeight, inputWidth, inputChannels);
}
