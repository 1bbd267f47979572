using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Runs the network from the layer on with one map after the other set to zero, in full passes over all images.</summary>
internal static class Ablation
{
    /// <returns>The targets' logits y [B,T,1], and y_k with map k gone [B,T,C].</returns>
    public static (Tensor Score, Tensor Ablated) Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        Tensor score = context.Logits.unsqueeze(2);
        Tensor ablated = score.repeat(1, 1, activation.shape[1]);
        long[] shown = [.. Shown(activation)];
        MethodContext.ExpectMasks(shown.Length);
        foreach (long[] pass in shown.Chunk(context.PassSize))
        {
            using var scope = NewDisposeScope();
            Tensor rows = tensor(pass.Select(map => map / activation.shape[1]).ToArray()).to(activation.device);
            Tensor channels = tensor(pass.Select(map => map % activation.shape[1]).ToArray()).to(activation.device);
            Tensor without = activation.index_select(0, rows);
            without.index_put_(zeros(1, device: activation.device), TensorIndex.Tensor(HeldOperations.CountTo(pass.Length, ScalarType.Int64, activation.device)), TensorIndex.Tensor(channels));
            Tensor logits = context.RunTail([.. pass.Select(map => (int)(map / activation.shape[1]))], without);
            ablated.index_put_(logits, TensorIndex.Tensor(rows), TensorIndex.Colon, TensorIndex.Tensor(channels));
            foreach (long map in pass)
            {
                context.Count((int)(map / activation.shape[1]));
            }
        }

        return (score, ablated);
    }

    /// <summary>The maps of all rows that are not zero everywhere.</summary>
    private static IEnumerable<long> Shown(Tensor activation)
    {
        using var scope = NewDisposeScope();
        float[] largest = activation.abs().amax([2, 3]).ToFloats();
        return [.. Enumerable.Range(0, largest.Length).Where(i => largest[i] != 0).Select(i => (long)i)];
    }
}
