using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>A recurrent layer along a sequence of known length, forwards, backwards or both.</summary>
internal sealed class RecurrentLayer
{
    private readonly OnnxNode _node;
    private readonly int _gates;
    private readonly bool[] _backwards;
    private readonly bool _batchFirst;
    private readonly Func<Tensor, Tensor>[] _activations;

    /// <param name="node">The layer.</param>
    /// <param name="gates">Blocks of its weights: 1 of an RNN, 3 of a GRU, 4 of an LSTM.</param>
    public RecurrentLayer(OnnxNode node, int gates)
    {
        _node = node;
        _gates = gates;
        _batchFirst = node.Attributes.Flag("layout");
        _backwards = node.Attributes.OneOf("direction", "forward", "forward", "reverse", "bidirectional") switch
        {
            "forward" => [false],
            "reverse" => [true],
            _ => [false, true],
        };
        string[] usual = gates switch { 1 => ["Tanh"], 3 => ["Sigmoid", "Tanh"], _ => ["Sigmoid", "Tanh", "Tanh"] };
        string[] named = node.Attributes.Texts("activations") ?? [.. _backwards.SelectMany(_ => usual)];
        _activations = named.Length == usual.Length * _backwards.Length
            ? [.. named.Select(Activation)]
            : throw node.Error($"it names {named.Length} activations; expected {usual.Length} for each of {_backwards.Length} directions.");
    }

    /// <summary>Its states at all steps; checks that its inputs fit.</summary>
    public long[]? Bound(KernelInputs x)
    {
        (long steps, long batch, long hidden) = Sizes(x);
        return [steps, _backwards.Length, batch, _gates * hidden];
    }

    public Tensor?[] Run(KernelInputs x)
    {
        (long steps, long batch, long hidden) = Sizes(x);
        Tensor sequence = _batchFirst ? x[0].transpose(0, 1) : x[0];
        Tensor[] all = new Tensor[_backwards.Length];
        Tensor[] states = new Tensor[_backwards.Length];
        Tensor[] memories = new Tensor[_backwards.Length];
        for (int i = 0; i < _backwards.Length; i++)
        {
            Tensor? bias = x.Optional(3)?.select(0, i);
            long half = _gates * hidden;
            Tensor input = MatrixProducts.Multiply(sequence, x[1].select(0, i).t());
            input = bias is null ? input : input.Plus(bias.narrow(0, 0, half));
            int each = _activations.Length / _backwards.Length;
            RecurrentCell cell = new(_node, hidden, x[2].select(0, i).t(), bias?.narrow(0, half, half), x.Optional(7)?.select(0, i), _activations[(i * each)..((i + 1) * each)]);
            Tensor state = Initial(x, 5, i) ?? zeros(batch, hidden, input.dtype, input.device);
            Tensor memory = (_gates == 4 ? Initial(x, 6, i) : null) ?? zeros(batch, hidden, input.dtype, input.device);
            (all[i], states[i], memories[i]) = Along(cell, input, state, memory, Lengths(x, steps, batch), _backwards[i]);
        }

        Tensor outputs = stack(all, 1);
        return _batchFirst
            ? [outputs.permute(2, 0, 1, 3), stack(states, 1), stack(memories, 1)]
            : [outputs, stack(states, 0), stack(memories, 0)];
    }

    // A sequence that has ended keeps its state, and gives zeros.
    private static (Tensor All, Tensor State, Tensor Memory) Along(RecurrentCell cell, Tensor input, Tensor state, Tensor memory, Tensor? lengths, bool backwards)
    {
        Tensor[] all = new Tensor[input.shape[0]];
        for (int i = 0; i < all.Length; i++)
        {
            int step = backwards ? all.Length - 1 - i : i;
            (Tensor next, Tensor kept) = cell.Step(input.select(0, step), state, memory);
            if (lengths is null)
            {
                (all[step], state, memory) = (next, next, kept);
                continue;
            }

            Tensor goesOn = lengths.gt(HeldScalar.Of(step));
            all[step] = where(goesOn, next, zeros_like(next));
            (state, memory) = (where(goesOn, next, state), where(goesOn, kept, memory));
        }

        return (stack(all, 0), state, memory);
    }

    private (long Steps, long Batch, long Hidden) Sizes(KernelInputs x)
    {
        (long[] input, long[] weights, long[] recurrence) = (x[0].shape, x[1].shape, x[2].shape);
        long hidden = recurrence.LastOrDefault();
        long directions = _backwards.Length;
        if (input.Length != 3 || input[0] == 0 || input[1] == 0 || hidden == 0 || !weights.AsSpan().SequenceEqual([directions, _gates * hidden, input[2]]) || !recurrence.AsSpan().SequenceEqual([directions, _gates * hidden, hidden]))
        {
            throw _node.Error($"its input {TensorSizes.Text(input)} and weights {TensorSizes.Text(weights)} and {TensorSizes.Text(recurrence)} do not fit together; expected [steps, batch, numbers], [{directions}, {_gates} x hidden, numbers] and [{directions}, {_gates} x hidden, hidden].");
        }

        (long steps, long batch) = _batchFirst ? (input[1], input[0]) : (input[0], input[1]);
        long[] state = _batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
        Expect(x, 3, "bias", [directions, 2 * _gates * hidden]);
        Expect(x, 5, "initial state", state);
        Expect(x, 6, "initial memory", state);
        Expect(x, 7, "peepholes", [directions, 3 * hidden]);
        return (steps, batch, hidden);
    }

    private void Expect(KernelInputs x, int index, string what, long[] shape)
    {
        if (x.Optional(index) is Tensor given && !given.shape.AsSpan().SequenceEqual(shape))
        {
            throw _node.Error($"its {what} is {TensorSizes.Text(given.shape)}; expected {TensorSizes.Text(shape)}.");
        }
    }

    private Tensor? Initial(KernelInputs x, int index, int direction) => x.Optional(index)?.select(_batchFirst ? 1 : 0, direction);

    // Null where all sequences go on to the end.
    private Tensor? Lengths(KernelInputs x, long steps, long batch)
    {
        if (x.OptionalInts(4) is not long[] lengths || (lengths.Length == batch && lengths.All(length => length == steps)))
        {
            return null;
        }

        return lengths.Length == batch && lengths.All(length => length >= 0 && length <= steps)
            ? HostValues.Of(lengths).unsqueeze(1).to(x[0].device)
            : throw _node.Error($"its sequences are {TensorSizes.Text(lengths)} long; expected {batch} numbers from 0 to {steps}.");
    }

    private Func<Tensor, Tensor> Activation(string name) => name.ToUpperInvariant() switch
    {
        "SIGMOID" => x => x.sigmoid(),
        "TANH" => x => x.tanh(),
        "RELU" => x => x.relu(),
        _ => throw _node.Error($"its activation '{name}' is not supported; expected Sigmoid, Tanh or Relu."),
    };
}
