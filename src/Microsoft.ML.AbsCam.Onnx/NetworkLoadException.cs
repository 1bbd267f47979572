namespace Microsoft.ML.AbsCam;

/// <summary>A model file cannot be used: what is wrong with it, where, and what to do about it.</summary>
/// <remarks>Every fault of a model file ends in this one exception, whether it shows when the file is read or when a row runs through it.</remarks>
public sealed class NetworkLoadException : Exception
{
    /// <summary>Makes an exception with a message that stands by itself.</summary>
    /// <param name="message">Names the file, what was found, what was expected and what to do.</param>
    /// <param name="innerException">What the file reader or the tensor library said, where it said something.</param>
    public NetworkLoadException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The operator at fault, for example <c>Conv</c>; null where the fault is not in one node.</summary>
    public string? Operator { get; init; }

    /// <summary>The node at fault: its name, or that of its first output; null where the fault is not in one node.</summary>
    public string? Node { get; init; }

    /// <summary>The operator set's domain: empty for the ONNX standard; null where the fault is not in one node.</summary>
    public string? Domain { get; init; }

    /// <summary>The version of the operator set that the file asks for; null where it does not matter.</summary>
    public long? OpsetVersion { get; init; }
}
