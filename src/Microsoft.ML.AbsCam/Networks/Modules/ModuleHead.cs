using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>
/// The end of a module from its last linear layer on. The gradient of one class's score needs that class's row of weights alone, so a
/// classifier that is a convolution over many classes need not be run backwards.
/// </summary>
/// <remarks>
/// Which layer that is and what lies behind it is a guess from the order in which layers were registered. It is believed for a pass
/// when the scores that it gives are those that the module itself gave; if not, the whole module is run backwards.
/// </remarks>
internal sealed class ModuleHead : IDisposable
{
    /// <summary>Of the greatest score.</summary>
    private const double Agreement = 1e-4;

    private readonly ThreadLocal<Capture?> _open = new();
    private readonly nn.Module<Tensor, Tensor>.HookRemover _hook;
    private readonly Func<(Tensor Weight, Tensor? Bias)> _weights;
    private readonly nn.Module<Tensor, Tensor>[] _behind;

    private ModuleHead(nn.Module<Tensor, Tensor> linear, Func<(Tensor, Tensor?)> weights, IEnumerable<nn.Module<Tensor, Tensor>> behind)
    {
        (_weights, _behind) = (weights, [.. behind]);
        _hook = linear.register_forward_hook((_, input, output) => _open.Value?.Take(input, output)!);
    }

    /// <summary>Looks for the last linear layer, with nothing behind it but what treats each class by itself; null where there is none.</summary>
    public static ModuleHead? Of(nn.Module module)
    {
        var behind = new Stack<nn.Module<Tensor, Tensor>>();
        foreach (nn.Module leaf in module.named_modules().Select(child => child.module).Where(child => !child.children().Any()).Reverse())
        {
            switch (leaf)
            {
                case Linear linear:
                    return new ModuleHead(linear, () => (linear.weight!, linear.bias), behind);
                case Conv2d { weight.shape: [_, _, 1, 1] } convolution:
                    return new ModuleHead(convolution, () => (convolution.weight!, convolution.bias), behind);
                case ReLU or AdaptiveAvgPool2d or AvgPool2d:
                    behind.Push((nn.Module<Tensor, Tensor>)leaf);
                    break;
                case Dropout or Dropout2d or Flatten or Identity:
                    // In evaluation mode these only lay the numbers out.
                    break;
                case Softmax or LogSoftmax or Sigmoid or LogSigmoid when behind.Count == 0:
                    // What makes probabilities at the end; where scores are taken behind it, they are not those of this head.
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <param name="scope">What the linear layer's input lives in.</param>
    public Capture Open(DisposeScope scope)
    {
        var capture = new Capture(this, scope);
        _open.Value = capture;
        return capture;
    }

    /// <summary>The gradients of the classes' scores; null where the scores are not the module's, or the guess does not fit.</summary>
    /// <param name="taken">What a pass through the module left.</param>
    /// <param name="logits">The scores that the pass gave [B,classes].</param>
    /// <param name="classes">One array a target, with a class for each row.</param>
    /// <param name="activation">The feature layer's output.</param>
    /// <param name="layer">The feature layer's name, for messages.</param>
    public Tensor[]? Gradients(Capture taken, Tensor logits, IReadOnlyList<long[]> classes, Tensor activation, string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor index = LayerGradients.Index(classes, logits.device);
        if (taken.Input is not { } input || !Fits(input, taken.OutputShape, logits.shape[1]) || Scores(input, taken.OutputShape, index) is not { } scores)
        {
            return null;
        }

        if (!AreClose(logits.detach().gather(1, index).ToFloats(), scores.ToFloats()))
        {
            return null;
        }

        Tensor[] gradients = LayerGradients.Of(scores, activation, layer);
        scope.MoveToOuter(gradients);
        return gradients;
    }

    public void Dispose()
    {
        _hook.remove();
        _open.Dispose();
    }

    private static bool AreClose(float[] expected, float[] actual)
    {
        double bound = Agreement * Math.Max(1, expected.Max(value => Math.Abs(value)));
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= bound))
            {
                return false;
            }
        }

        return true;
    }

    private bool Fits(Tensor input, long[] output, long classes)
    {
        long[] weight = _weights().Weight.shape;
        return input.dim() == weight.Length && output.Length == weight.Length && weight[0] == classes && weight[1] == input.shape[1]
            && (weight.Length == 4 ? Border(input.shape, output, 2) >= 0 && Border(input.shape, output, 3) >= 0 : _behind.All(module => module is ReLU));
    }

    private Tensor? Scores(Tensor input, long[] output, Tensor classes)
    {
        (Tensor weight, Tensor? bias) = _weights();
        (long rows, long targets) = (classes.shape[0], classes.shape[1]);
        Tensor index = classes.flatten();
        Tensor chosen = weight.detach().flatten(1).index_select(0, index).view(rows, targets, -1);
        Tensor sums = chosen.bmm(input.reshape(rows, chosen.shape[2], -1)).reshape([rows, targets, .. input.shape[2..]]);
        if (input.dim() == 4)
        {
            // Sums over a border of zeros are zero.
            (long down, long across) = (Border(input.shape, output, 2), Border(input.shape, output, 3));
            sums = nn.functional.pad(sums, [across, across, down, down]);
        }

        if (bias is not null)
        {
            sums = sums.Plus(bias.detach().index_select(0, index).view([rows, targets, .. input.shape[2..].Select(_ => 1L)]));
        }

        Tensor scores = _behind.Aggregate(sums, (value, module) => module.forward(value));
        return scores.numel() == rows * targets ? scores.reshape(rows, targets) : null;
    }

    /// <summary>How far the output reaches over the input on each side; negative where it does not.</summary>
    private static long Border(long[] input, long[] output, int axis) => (output[axis] - input[axis]) % 2 == 0 ? (output[axis] - input[axis]) / 2 : -1;

    /// <summary>What one pass brings to the linear layer.</summary>
    internal sealed class Capture(ModuleHead head, DisposeScope scope) : IDisposable
    {
        private int _calls;
        private Tensor? _input;

        /// <summary>The layer's input, connected to the feature layer; null where it is not, or the layer was called several times.</summary>
        public Tensor? Input => _calls == 1 ? _input : null;

        /// <summary>Whether the scores have lost their connection to the feature layer, because it was cut here.</summary>
        public bool IsCut => _input is not null;

        public long[] OutputShape { get; private set; } = [];

        public void Dispose() => head._open.Value = null;

        public Tensor? Take(Tensor input, Tensor output)
        {
            if (!input.requires_grad)
            {
                return null;
            }

            _calls++;
            _input = input.alias();
            scope.Attach(_input);
            OutputShape = output.shape;
            return output.detach();
        }
    }
}
