using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Products of matrices.</summary>
internal static class MatrixOperators
{
    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Binary("MatMul", MatrixProducts.Multiply).With(MatrixAdjoints.MatMul) with
        {
            Axes = AxisRules.MatMul,
            Bound = Bounds.Product,
            Field = FieldRules.Product,
            Learnt = new LearntInputs([0, 1]),
            Work = (_, inputs, output) => TensorSizes.Product(output) * inputs[0].LastOrDefault(1),
        },
        OperatorDefinition.Of("Gemm", 2, 3, General).With(MatrixAdjoints.Gemm) with
        {
            Axes = AxisRules.Gemm,
            Bound = GeneralBound,
            Field = FieldRules.General,
            Learnt = new LearntInputs([0, 1], Bias: 2),
            Work = (node, inputs, output) => TensorSizes.Product(output) * inputs[0][node.Attributes.Flag("transA") ? 0 : 1],
        },
        OperatorDefinition.Of("Einsum", 1, int.MaxValue, node =>
        {
            string equation = node.Attributes.Text("equation", "");
            return x => einsum(equation, x.All());
        }).With(MatrixAdjoints.Einsum) with
        {
            Axes = AxisRules.Einsum,
            Bound = node => x => EinsteinSum.Bound(node, [.. x.All().Select(operand => operand.shape)]),
            Field = FieldRules.Unknown,
            Learnt = new LearntInputs([0, 1]),

            // Every letter of the equation is a loop.
            Work = (node, inputs, _) => TensorSizes.Product(EinsteinSum.Axes(node, inputs)),
        },
    ];

    // Of two matrices, as they are after turning.
    private static Func<KernelInputs, long[]?> GeneralBound(OnnxNode node)
    {
        bool transposeLeft = node.Attributes.Flag("transA");
        bool transposeRight = node.Attributes.Flag("transB");
        return x => (x[0].shape, x[1].shape) is ([long a, long b], [long c, long d]) ? [transposeLeft ? b : a, transposeRight ? c : d] : null;
    }

    private static Func<KernelInputs, Tensor> General(OnnxNode node)
    {
        double alpha = node.Attributes.Float("alpha", 1);
        double beta = node.Attributes.Float("beta", 1);
        bool transposeLeft = node.Attributes.Flag("transA");
        bool transposeRight = node.Attributes.Flag("transB");
        return x =>
        {
            if (x[0].dim() != 2 || x[1].dim() != 2)
            {
                throw node.Error($"its inputs have {x[0].dim()} and {x[1].dim()} dimensions; expected two matrices.");
            }

            Tensor product = (transposeLeft ? x[0].t() : x[0]).mm(transposeRight ? x[1].t() : x[1]);
            product = alpha == 1 ? product : product.mul(HeldScalar.Of(alpha));
            if (x.Optional(2) is not Tensor bias)
            {
                return product;
            }

            // The format lets the bias be spread over the product, and not the other way round.
            Tensor sum = bias.dim() <= 2 ? bias.expand(product.shape) : throw node.Error($"its bias is {TensorSizes.Text(bias.shape)}; expected what spreads over {TensorSizes.Text(product.shape)}.");
            return product.Plus(beta == 1 ? sum : sum.mul(HeldScalar.Of(beta)));
        };
    }
}
