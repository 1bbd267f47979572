using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>A file that was written, and has not been run yet.</summary>
/// <param name="File">The file.</param>
/// <param name="Told">What is told of it, but for the difference that its run will show.</param>
/// <param name="Plan">What it says of itself.</param>
/// <param name="Adjoints">What was written of the gradient.</param>
/// <param name="Check">What its run is held to.</param>
/// <param name="Run">Runs a file beside this library: the greatest difference between two pixels; null where there are no maps to compare.</param>
internal sealed record BakeDraft(byte[] File, BakedNetwork Told, BakedPlan Plan, IReadOnlyList<WrittenAdjoint> Adjoints, BakeCheck Check, Func<byte[], double?> Run);
