using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>How a window slides over a map: the attributes that convolutions and poolings share.</summary>
internal sealed class Windows
{
    /// <summary>Sizes near the integer range would overflow in the products of the tensor library.</summary>
    private const long Largest = 1 << 24;

    private readonly OnnxNode _node;
    private readonly string _autoPad;
    private readonly bool _ceil;
    private readonly long[]? _strides;
    private readonly long[]? _dilations;
    private readonly long[]? _pads;

    public Windows(OnnxNode node)
    {
        _node = node;
        _autoPad = node.Attributes.OneOf("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        _ceil = node.Attributes.Flag("ceil_mode");
        Kernel = Positive("kernel_shape");
        _strides = Positive("strides");
        _dilations = Positive("dilations");
        _pads = node.Attributes.Ints("pads");
        if (_pads is not null && _pads.Any(pad => pad is < 0 or >= Largest))
        {
            throw node.Error($"'pads' is {TensorSizes.Text(_pads)}; expected numbers from 0. Crop with a Slice instead, or export the model again.");
        }
    }

    /// <summary>The attribute kernel_shape; null where it is left to the weights.</summary>
    public long[]? Kernel { get; }

    public string AutoPad => _autoPad;

    public long[] Strides(int rank) => Exactly(_strides, rank, 1, "strides");

    public long[] Dilations(int rank) => Exactly(_dilations, rank, 1, "dilations");

    /// <summary>What to add around an input: how much before and after along each axis, as given or as SAME asks.</summary>
    public (long[] Before, long[] After) Pads(long[] kernel, ReadOnlySpan<long> sizes)
    {
        int rank = kernel.Length;
        long[] before = new long[rank];
        long[] after = new long[rank];
        if (_autoPad is "SAME_UPPER" or "SAME_LOWER")
        {
            long[] strides = Strides(rank);
            long[] dilations = Dilations(rank);
            for (int i = 0; i < rank; i++)
            {
                long output = (sizes[i] + strides[i] - 1) / strides[i];
                long total = ((output - 1) * strides[i]) + Extent(kernel[i], dilations[i]) - sizes[i];
                if (total < -1)
                {
                    // By the format's formula the border is negative and moves the windows; other programs take it as none.
                    throw _node.Error($"'auto_pad' is {_autoPad}, and its steps of {TensorSizes.Text(strides)} leave out more than its windows of {TensorSizes.Text(kernel)} see, which runtimes read differently; export it with 'pads'.");
                }

                total = Math.Max(0, total);
                before[i] = _autoPad == "SAME_UPPER" ? total / 2 : total - (total / 2);
                after[i] = total - before[i];
            }
        }
        else if (_autoPad == "NOTSET" && _pads is not null)
        {
            long[] pads = Exactly(_pads, 2 * rank, 0, "pads");
            before = pads[..rank];
            after = pads[rank..];
        }

        _node.Checked(Padded(sizes, before, after));
        return (before, after);
    }

    /// <summary>
    /// The strides and dilations that mean the same on an input of these sizes with its border. A stride beyond the last window, and a
    /// dilation between no two numbers, say nothing; the tensor library multiplies them with each other in 32 bits all the same.
    /// </summary>
    /// <exception cref="NetworkLoadException">The window is larger than the input with its border.</exception>
    public (long[] Strides, long[] Dilations) Within(long[] kernel, long[] padded)
    {
        long[] strides = [.. Strides(kernel.Length)];
        long[] dilations = [.. Dilations(kernel.Length)];
        for (int i = 0; i < kernel.Length; i++)
        {
            dilations[i] = kernel[i] == 1 ? 1 : dilations[i];
            long steps = padded[i] - Extent(kernel[i], dilations[i]);
            if (steps < 0)
            {
                throw _node.Error($"its window of {TensorSizes.Text(kernel.Select((size, axis) => Extent(size, dilations[axis])))} is larger than its input with the border, {TensorSizes.Text(padded)}; use larger images, or export the model again.");
            }

            strides[i] = Math.Min(strides[i], steps + 1);
        }

        return (strides, dilations);
    }

    /// <summary>Whether no stride and no dilation is larger than the input, so that all of them are steps that something can take.</summary>
    public bool StepsInside(ReadOnlySpan<long> sizes)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            if (_strides?[i] > sizes[i] || _dilations?[i] > sizes[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many places the window has along each axis.</summary>
    public static long[] Places(long[] kernel, long[] padded, long[] strides, long[] dilations) =>
        [.. kernel.Select((size, i) => ((padded[i] - Extent(size, dilations[i])) / strides[i]) + 1)];

    /// <summary>The sizes with a border.</summary>
    public static long[] Padded(ReadOnlySpan<long> sizes, long[] before, long[] after)
    {
        long[] padded = new long[before.Length];
        for (int i = 0; i < padded.Length; i++)
        {
            padded[i] = sizes[i] + before[i] + after[i];
        }

        return padded;
    }

    /// <summary>Pads for a pooling: more after the end where ceil_mode lets a last window reach over it.</summary>
    public (long[] Before, long[] After) PoolingPads(long[] kernel, ReadOnlySpan<long> sizes)
    {
        (long[] before, long[] after) = Pads(kernel, sizes);
        if (!_ceil)
        {
            return (before, after);
        }

        long[] strides = Strides(kernel.Length);
        long[] dilations = Dilations(kernel.Length);
        after = [.. after];
        for (int i = 0; i < kernel.Length; i++)
        {
            long extent = Extent(kernel[i], dilations[i]);
            long windows = ((sizes[i] + before[i] + after[i] - extent + strides[i] - 1) / strides[i]) + 1;
            if ((windows - 1) * strides[i] >= sizes[i] + before[i])
            {
                // A window that starts behind the input sees nothing of it and is left out.
                windows--;
            }

            after[i] = Math.Max(after[i], ((windows - 1) * strides[i]) + extent - sizes[i] - before[i]);
        }

        return (before, after);
    }

    public bool ReachesOverTheEnd => _ceil;

    /// <exception cref="NetworkLoadException">A border is as large as the window, which would see nothing else there.</exception>
    public void CheckBorder(long[] kernel)
    {
        if (_autoPad == "NOTSET" && _pads is not null && _pads.Where((pad, i) => pad >= kernel[i % kernel.Length]).Any())
        {
            throw _node.Error($"'pads' is {TensorSizes.Text(_pads)}, and its window {TensorSizes.Text(kernel)}; a border must be smaller than the window, export the model again.");
        }
    }

    public static long Extent(long kernel, long dilation) => ((kernel - 1) * dilation) + 1;

    /// <summary>Puts a border of one value around the trailing axes; negative sizes crop.</summary>
    public Tensor Pad(Tensor x, long[] before, long[] after, double value = 0)
    {
        if (before.All(size => size == 0) && after.All(size => size == 0))
        {
            return x;
        }

        long[] shape = x.shape;
        long[] pairs = new long[2 * before.Length];
        for (int i = 0; i < before.Length; i++)
        {
            int last = before.Length - 1 - i;
            pairs[2 * i] = before[last];
            pairs[(2 * i) + 1] = after[last];
            shape[^(i + 1)] += before[last] + after[last];
        }

        _node.Checked(shape);
        return functional.pad(x, pairs, TorchSharp.PaddingModes.Constant, value);
    }

    public long[] Exactly(long[]? values, int count, long otherwise, string name)
    {
        if (values is null)
        {
            long[] same = new long[count];
            Array.Fill(same, otherwise);
            return same;
        }

        return values.Length == count ? values : throw _node.Error($"'{name}' has {values.Length} numbers; expected {count} for this input.");
    }

    private long[]? Positive(string name)
    {
        long[]? values = _node.Attributes.Ints(name);
        return values is null || values.All(value => value is > 0 and < Largest)
            ? values
            : throw _node.Error($"'{name}' is {TensorSizes.Text(values)}; expected positive numbers.");
    }
}
