namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A pickle holds what is not read. The message is the rest of a sentence that begins with the pickle's name.</summary>
internal sealed class PickleException(string message) : Exception(message);
