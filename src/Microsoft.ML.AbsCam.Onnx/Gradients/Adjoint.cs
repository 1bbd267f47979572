namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>
/// Writes the nodes that make the gradients of a node's inputs from those of its outputs: the product of vector and Jacobian, in standard operators.
/// </summary>
/// <param name="step">The node, and what is asked of it.</param>
internal delegate void Adjoint(AdjointStep step);
