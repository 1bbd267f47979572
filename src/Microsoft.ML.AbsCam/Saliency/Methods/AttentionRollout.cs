using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Attention rollout (Abnar and Zuidema, ACL 2020): the product of all blocks' (A + 1) / 2, A the mean over heads of the attention matrix and 1 the way past it, in the row of the token
/// that the scores read, or the mean of the rows of those. The same map for every class.
/// </summary>
internal sealed class AttentionRollout() : SaliencyMethod("attention-rollout")
{
    internal override MethodNeeds Needs => MethodNeeds.Attention;

    internal override LayerMaps Run(MethodContext context)
    {
        AttentionPass pass = context.Attend(withGraph: false);

        // From the scores back to the image, a row at a time instead of a matrix.
        float read = pass.Read.Count(isRead => isRead);
        Tensor row = tensor(pass.Read.Select(isRead => isRead ? 1 / read : 0).ToArray()).to(context.Input.device).view(1, 1, -1).expand(context.Rows, 1, -1);
        foreach (Tensor matrix in pass.Matrices.Reverse())
        {
            row = row.Plus(row.bmm(matrix.to(ScalarType.Float32).mean([1]))).mul(HeldScalar.Of(0.5));
        }

        return LayerMaps.Of(Enumerable.Repeat(pass.Present(row.squeeze(1)), context.Targets), context.Size);
    }
}
