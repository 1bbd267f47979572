using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Scaled products of queries and keys, as weights of values.</summary>
internal sealed class AttentionLayer
{
    private readonly OnnxNode _node;
    private readonly bool _isCausal;
    private readonly double _softCap;
    private readonly long _queryHeads;
    private readonly long _keyHeads;
    private readonly long _shown;

    public AttentionLayer(OnnxNode node)
    {
        _node = node;
        _isCausal = node.Attributes.Flag("is_causal");
        _softCap = node.Attributes.Float("softcap", 0);
        _queryHeads = node.Attributes.Int("q_num_heads", 0);
        _keyHeads = node.Attributes.Int("kv_num_heads", 0);
        _shown = node.Attributes.Int("qk_matmul_output_mode", 0);
        foreach (string window in (string[])["left_window_size", "right_window_size"])
        {
            if (node.Attributes.Int(window, -1) != -1)
            {
                throw node.Error($"'{window}' is not supported; write the window as a mask.");
            }
        }

        // A cache is of texts that are written word by word.
        if (node.HasInput(4) || node.HasInput(5) || node.HasInput(6) || node.HasOutput(1) || node.HasOutput(2))
        {
            throw node.Error("caches of keys and values (past, present, nonpad_kv_seqlen) are not supported; export the model without.");
        }

        if (_shown is < 0 or > 3)
        {
            throw node.Error($"'qk_matmul_output_mode' is {_shown}; expected 0 to 3.");
        }
    }

    /// <summary>The weights of all values for all queries; checks that the inputs fit.</summary>
    public long[]? Bound(KernelInputs x)
    {
        (long[] q, long[] k, long[] v) = Sizes(x);
        _node.Checked([q[0], q[1], k[2], Math.Max(k[3], v[3])]);
        _node.Checked([q[0], q[1], q[2], v[3]]);
        return [q[0], q[1], q[2], k[2]];
    }

    public double Slow(KernelInputs x)
    {
        (long[] q, long[] k, _) = Sizes(x);
        return 8 * Cost.PerNumber * TensorSizes.Product(q[0], q[1], q[2], k[2]);
    }

    public Tensor?[] Run(KernelInputs x)
    {
        (long[] sizes, long[] keys, long[] values) = Sizes(x);
        double root = Math.Sqrt(_node.Attributes.Has("scale") ? _node.Attributes.Float("scale", 1) : 1 / Math.Sqrt(sizes[3]));
        Tensor query = InHeads(x[0], sizes).mul(HeldScalar.Of(root));
        Tensor key = Repeated(InHeads(x[1], keys), sizes[1]).mul(HeldScalar.Of(root));
        Tensor scores = MatrixProducts.Multiply(query, key.transpose(2, 3));
        Tensor capped = _softCap > 0 ? scores.div(HeldScalar.Of(_softCap)).tanh().mul(HeldScalar.Of(_softCap)) : scores;
        Tensor masked = Masked(x, capped);

        // A query that may look at nothing gets nothing.
        Tensor blind = masked.eq(HeldScalar.Of(double.NegativeInfinity)).all(-1, keepdim: true);
        Tensor weights = masked.masked_fill(blind, HeldScalar.Of(0)).softmax(-1).masked_fill(blind, HeldScalar.Of(0));
        Tensor made = MatrixProducts.Multiply(weights, Repeated(InHeads(x[2], values), sizes[1]));
        made = x[0].dim() == 3 ? made.transpose(1, 2).reshape(sizes[0], sizes[2], sizes[1] * values[3]) : made;
        return [made, null, null, _shown switch { 0 => scores, 1 => capped, 2 => masked, _ => weights }];
    }

    private Tensor Masked(KernelInputs x, Tensor scores)
    {
        long[] shape = scores.shape;
        Tensor? mask = x.Optional(3);
        Tensor masked = scores;
        if (mask is not null)
        {
            // A mask of one number for all keys could be meant for the first key alone, with the others left out.
            bool isTruth = mask.dtype == ScalarType.Bool;
            if (mask.dim() is 0 or > 4 || mask.shape[^1] > shape[3] || (mask.shape[^1] == 1 && shape[3] > 1) || !(isTruth || mask.is_floating_point()))
            {
                throw _node.Error($"its mask is {TensorSizes.Text(mask.shape)} of {mask.dtype}; expected truth values or real numbers that spread over {TensorSizes.Text(shape)}, with one for each key.");
            }

            Tensor added = isTruth
                ? zeros_like(mask, scores.dtype).masked_fill(mask.logical_not(), HeldScalar.Of(double.NegativeInfinity))
                : mask.to(scores.dtype);
            long missing = shape[3] - mask.shape[^1];
            if (missing > 0)
            {
                added = cat([added, full([.. mask.shape[..^1], missing], HeldScalar.Of(double.NegativeInfinity), added.dtype, added.device)], -1);
            }

            masked = masked.Plus(added.to(scores.device).expand(shape));
        }

        if (_isCausal)
        {
            Tensor rows = HeldOperations.CountTo(shape[2], ScalarType.Int64, scores.device).unsqueeze(1);
            Tensor later = HeldOperations.CountTo(shape[3], ScalarType.Int64, scores.device).unsqueeze(0).gt(rows);
            masked = masked.masked_fill(later, HeldScalar.Of(double.NegativeInfinity));
        }

        return masked;
    }

    // [batch, heads, places, numbers] of each, whatever form they come in.
    private (long[] Query, long[] Key, long[] Value) Sizes(KernelInputs x)
    {
        long[]? Split(Tensor given, long heads) => (given.dim(), heads) switch
        {
            (4, _) => given.shape,
            (3, > 0) when given.shape[2] % heads == 0 => [given.shape[0], heads, given.shape[1], given.shape[2] / heads],
            _ => null,
        };

        return (Split(x[0], _queryHeads), Split(x[1], _keyHeads), Split(x[2], _keyHeads)) is (long[] q, long[] k, long[] v)
            && x[0].dim() == x[1].dim() && x[1].dim() == x[2].dim()
            && q[0] == k[0] && k[0] == v[0] && q[3] == k[3] && k[1] == v[1] && k[2] == v[2] && k[1] > 0 && q[1] % k[1] == 0 && q[3] > 0
            ? (q, k, v)
            : throw _node.Error($"its queries {TensorSizes.Text(x[0].shape)}, keys {TensorSizes.Text(x[1].shape)} and values {TensorSizes.Text(x[2].shape)} with {_queryHeads} and {_keyHeads} heads do not fit together; expected [batch, heads, places, numbers], or [batch, places, heads x numbers] and how many heads.");
    }

    private static Tensor InHeads(Tensor given, long[] sizes) =>
        given.dim() == 4 ? given : given.reshape(sizes[0], sizes[2], sizes[1], sizes[3]).transpose(1, 2);

    private static Tensor Repeated(Tensor heads, long count) => heads.shape[1] == count ? heads : heads.repeat_interleave(count / heads.shape[1], 1);
}
