using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Pairs of numbers turned by an angle that tells where they are.</summary>
internal static class RotaryPositions
{
    public static Func<KernelInputs, Tensor> Build(OnnxNode node)
    {
        bool interleaved = node.Attributes.Flag("interleaved");
        long turnedNumbers = node.Attributes.Int("rotary_embedding_dim", 0);
        long heads = node.Attributes.Int("num_heads", 0);
        return x =>
        {
            long[] shape = x[0].shape;
            bool isFlat = shape.Length == 3;
            if (shape.Length is not (3 or 4) || (isFlat && (heads < 1 || shape[2] % heads != 0)))
            {
                throw node.Error($"its input is {TensorSizes.Text(shape)} with {heads} heads; expected [batch, heads, places, numbers], or [batch, places, heads x numbers] and how many heads.");
            }

            // [batch, places, heads, numbers]
            Tensor input = isFlat ? x[0].reshape(shape[0], shape[1], heads, shape[2] / heads) : x[0].transpose(1, 2);
            long numbers = input.shape[3];
            long turned = turnedNumbers == 0 ? numbers : turnedNumbers;
            if (turned < 2 || turned > numbers || turned % 2 != 0)
            {
                throw node.Error($"it turns {turned} of {numbers} numbers; expected an even number of them.");
            }

            (Tensor cosine, Tensor sine) = (Angles(node, x, 1, input.shape, turned), Angles(node, x, 2, input.shape, turned));
            Tensor part = input.narrow(3, 0, turned);
            (Tensor first, Tensor second) = interleaved
                ? (part.slice(3, 0, turned, 2), part.slice(3, 1, turned, 2))
                : (part.narrow(3, 0, turned / 2), part.narrow(3, turned / 2, turned / 2));
            Tensor real = cosine.mul(first).sub(sine.mul(second));
            Tensor imaginary = sine.mul(first).Plus(cosine.mul(second));
            Tensor made = interleaved ? stack([real, imaginary], -1).reshape(part.shape) : cat([real, imaginary], 3);
            made = turned == numbers ? made : cat([made, input.narrow(3, turned, numbers - turned)], 3);
            return isFlat ? made.reshape(shape) : made.transpose(1, 2);
        };
    }

    // Of a table by positions, or one for each place: [batch, places, 1, half].
    private static Tensor Angles(OnnxNode node, KernelInputs x, int index, long[] input, long turned)
    {
        Tensor table = x[index];
        Tensor? positions = x.Optional(3);
        if (table.dim() != (positions is null ? 3 : 2) || table.shape[^1] != turned / 2 || (positions is not null && positions.dim() != 2))
        {
            throw node.Error($"its table is {TensorSizes.Text(table.shape)}; expected {(positions is null ? $"[{input[0]}, {input[1]}, {turned / 2}]" : $"[positions, {turned / 2}], and positions [batch, places]")}.");
        }

        Tensor angles = positions is null
            ? table
            : table.index_select(0, Indices.Within(node, positions.flatten(), table.shape[0]).to(table.device)).reshape([.. positions.shape, turned / 2]);
        return angles.expand(input[0], input[1], turned / 2).unsqueeze(2);
    }
}
