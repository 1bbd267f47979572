using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One pass through a transformer, with what each of its tokens attends to.</summary>
/// <param name="runs">The attention matrices of n tokens, block by block, [B,heads,n,n] or [B heads,n,n], of all images together or of one image a run; each row adds up to 1.</param>
/// <param name="outputs">The network's outputs [B,outputs].</param>
/// <param name="read">Of each token, whether the scores read what its last attention gave [n]: the class token, or all that are averaged.</param>
/// <param name="present">From a number of each token [B,n] to those of the places [B,h,w].</param>
internal sealed class AttentionPass(IReadOnlyList<Tensor[]> runs, Tensor outputs, bool[] read, Func<Tensor, Tensor> present)
{
    /// <summary>[B,heads,n,n], block by block.</summary>
    public IReadOnlyList<Tensor> Matrices => Together([.. runs.SelectMany(blocks => blocks)]);

    public bool[] Read => read;

    public Tensor Present(Tensor tokens) => present(tokens);

    /// <summary>The gradients of T numbers that a function makes of the outputs, at each matrix [T][blocks], [B,heads,n,n] each; of a pass with a graph.</summary>
    /// <param name="asked">From the outputs [B,outputs] to [B,T], differentiable.</param>
    public Tensor[][] Gradients(Func<Tensor, Tensor> asked) => [.. LayerGradients.AtAll(outputs, asked, [.. runs.SelectMany(blocks => blocks)]).Select(Together)];

    // Of the blocks of each run, those of all.
    private Tensor[] Together(Tensor[] blocks)
    {
        int each = runs[0].Length;
        return [.. Enumerable.Range(0, each).Select(block => blocks.Where((_, at) => at % each == block).Select(Apart).ToArray()).Select(parts => parts.Length == 1 ? parts[0] : cat(parts))];
    }

    private Tensor Apart(Tensor matrix) => matrix.reshape(outputs.shape[0] / runs.Count, -1, matrix.shape[^2], matrix.shape[^1]);
}
