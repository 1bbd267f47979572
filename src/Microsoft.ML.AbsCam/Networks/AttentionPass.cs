using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One pass through a transformer, with what each of its tokens attends to.</summary>
/// <param name="matrices">The attention matrices of n tokens, block by block, [B,heads,n,n] or [B heads,n,n]; each row adds up to 1.</param>
/// <param name="outputs">The network's outputs [B,outputs].</param>
/// <param name="read">Of each token, whether the scores read what its last attention gave [n]: the class token, or all that are averaged.</param>
/// <param name="present">From a number of each token [B,n] to those of the places [B,h,w].</param>
internal sealed class AttentionPass(IReadOnlyList<Tensor> matrices, Tensor outputs, bool[] read, Func<Tensor, Tensor> present)
{
    /// <summary>[B,heads,n,n], block by block.</summary>
    public IReadOnlyList<Tensor> Matrices => [.. matrices.Select(Apart)];

    public bool[] Read => read;

    public Tensor Present(Tensor tokens) => present(tokens);

    /// <summary>The gradients of T numbers that a function makes of the outputs, at each matrix [T][blocks], [B,heads,n,n] each; of a pass with a graph.</summary>
    /// <param name="asked">From the outputs [B,outputs] to [B,T], differentiable.</param>
    public Tensor[][] Gradients(Func<Tensor, Tensor> asked)
        => [.. LayerGradients.AtAll(outputs, asked, matrices).Select(blocks => blocks.Select(Apart).ToArray())];

    private Tensor Apart(Tensor matrix) => matrix.reshape(outputs.shape[0], -1, matrix.shape[^2], matrix.shape[^1]);
}
