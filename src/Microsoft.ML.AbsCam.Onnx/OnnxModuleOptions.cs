namespace Microsoft.ML.AbsCam.Onnx;

/// <summary>How an ONNX file becomes an <see cref="OnnxModule"/>. All of it may be left out.</summary>
public sealed record OnnxModuleOptions
{
    /// <summary>
    /// What <see cref="OnnxModule.forward"/> returns: the name of an output, or of a value inside the network, such as the features before its last layer.
    /// Only what leads there is imported, then, and the module has this one output. Default: all outputs of the file, of which <see
    /// cref="OnnxModule.forward"/> returns the first.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>
    /// Which further tensors of real numbers, by name, are parameters: for example a table of positions, or the slopes of a PRelu, of which the file does
    /// not say that they
    /// were learnt. A single number cannot be one. Default: none besides the weights, scales and biases of layers and norms.
    /// </summary>
    public Predicate<string>? IsParameter { get; init; }

    /// <summary>
    /// The shape of the one input, with the batch first. It is needed only where a branch or a squeeze in the file asks for sizes that the file leaves
    /// open. Default: the file's own.
    /// </summary>
    public IReadOnlyList<long>? InputShape { get; init; }

    /// <summary>
    /// The folder in which weights outside the file may lie, for a model from a stream or from bytes. Default: none; for a file its own folder.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>How much the file may ask of the machine while it is imported.</summary>
    public OnnxImportLimits Limits { get; init; } = OnnxImportLimits.Default;
}
