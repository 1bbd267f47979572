using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>One step of a recurrent layer, in one direction.</summary>
/// <param name="node">The layer.</param>
/// <param name="hidden">How many numbers it remembers.</param>
/// <param name="recurrence">What the state before is multiplied with, [hidden, gates x hidden].</param>
/// <param name="recurrentBias">What is added to that, [gates x hidden]; null for nothing.</param>
/// <param name="peepholes">What the memory is weighed with, [3 x hidden], of an LSTM alone; null for nothing.</param>
/// <param name="activations">The gates', the candidate's and the state's, as far as the layer has them.</param>
internal sealed class RecurrentCell(OnnxNode node, long hidden, Tensor recurrence, Tensor? recurrentBias, Tensor? peepholes, Func<Tensor, Tensor>[] activations)
{
    private readonly double _clip = node.Attributes.Float("clip", 0);
    private readonly bool _isCoupled = node.Attributes.Flag("input_forget");
    private readonly bool _resetsLast = node.Attributes.Flag("linear_before_reset");

    /// <summary>The state and the memory after a step.</summary>
    /// <param name="input">What the step's input comes to for each gate, [batch, gates x hidden].</param>
    /// <param name="state">The state before, [batch, hidden].</param>
    /// <param name="memory">An LSTM's memory before, [batch, hidden]; of the others it is handed on.</param>
    public (Tensor State, Tensor Memory) Step(Tensor input, Tensor state, Tensor memory) => node.Operator switch
    {
        "LSTM" => LongShortTerm(input.Plus(Recurrent(state)), memory),
        "GRU" => (Gated(input, state), memory),
        _ => (Activated(0, input.Plus(Recurrent(state))), memory),
    };

    private (Tensor State, Tensor Memory) LongShortTerm(Tensor gates, Tensor memory)
    {
        Tensor enters = Activated(0, Peeping(Gate(gates, 0), memory, 0));
        Tensor stays = _isCoupled ? enters.neg().Plus(1) : Activated(0, Peeping(Gate(gates, 2), memory, 2));
        Tensor kept = stays.mul(memory).Plus(enters.mul(Activated(1, Gate(gates, 3))));
        Tensor leaves = Activated(0, Peeping(Gate(gates, 1), kept, 1));
        return (leaves.mul(activations[2](kept)), kept);
    }

    private Tensor Gated(Tensor input, Tensor state)
    {
        Tensor recurrent = Recurrent(state);
        Tensor update = Activated(0, Gate(input, 0).Plus(Gate(recurrent, 0)));
        Tensor reset = Activated(0, Gate(input, 1).Plus(Gate(recurrent, 1)));
        Tensor remembered = _resetsLast ? reset.mul(Gate(recurrent, 2)) : Biased(reset.mul(state).mm(recurrence.narrow(1, 2 * hidden, hidden)), 2);
        Tensor candidate = Activated(1, Gate(input, 2).Plus(remembered));
        return update.neg().Plus(1).mul(candidate).Plus(update.mul(state));
    }

    private Tensor Recurrent(Tensor state)
    {
        Tensor product = state.mm(recurrence);
        return recurrentBias is null ? product : product.Plus(recurrentBias);
    }

    private Tensor Biased(Tensor product, int gate) => recurrentBias is null ? product : product.Plus(recurrentBias.narrow(0, gate * hidden, hidden));

    private Tensor Peeping(Tensor gate, Tensor memory, int which) => peepholes is null ? gate : gate.Plus(memory.mul(peepholes.narrow(0, which * hidden, hidden)));

    private Tensor Gate(Tensor gates, int which) => gates.narrow(1, which * hidden, hidden);

    private Tensor Activated(int which, Tensor input) =>
        activations[which](_clip > 0 ? input.clamp(HeldScalar.Of(-_clip), HeldScalar.Of(_clip)) : input);
}
