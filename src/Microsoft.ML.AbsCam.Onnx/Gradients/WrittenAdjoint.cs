using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>A node whose adjoint was written, so that a fault can be looked for node by node.</summary>
/// <param name="Node">The node.</param>
/// <param name="OfOutputs">The names of the gradients of its outputs, which the adjoint reads; null where the score does not depend on one.</param>
/// <param name="OfInputs">The names of what it gives for the inputs; null where it gives nothing.</param>
internal sealed record WrittenAdjoint(OnnxNode Node, string?[] OfOutputs, string?[] OfInputs);
