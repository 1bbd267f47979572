using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Operators in the forms that exporters write, in old and new operator sets, beside ONNX Runtime.</summary>
[TestClass]
public sealed class OperatorParityTests
{
    private const double Tolerance = 1e-5;

    private static readonly float[] Scales = [2, 1.5f, 0.6f];
    private static readonly float[] Enlarged = [1, 1, 2, 3];

    [TestMethod]
    [DataRow("NOTSET", 1)]
    [DataRow("SAME_UPPER", 2)]
    [DataRow("SAME_LOWER", 2)]
    [DataRow("VALID", 2)]
    public void Conv_pads_as_told(string autoPad, int stride) =>
        Agrees(Model([1, 4, 9, 8]).Weight("w", 6, 2, 3, 2).Weight("b", 6)
            .Node("Conv", "x w b", "y", ("auto_pad", autoPad), ("group", 2), ("strides", Longs(stride, stride))));

    [TestMethod]
    public void Conv_takes_uneven_pads_and_dilations() =>
        Agrees(Model([2, 3, 9, 8]).Weight("w", 4, 3, 3, 3).Node("Conv", "x w", "y", ("pads", Longs(0, 1, 2, 3)), ("dilations", Longs(2, 1))));

    [TestMethod]
    public void Conv_works_over_one_and_three_axes()
    {
        Agrees(Model([2, 3, 9]).Weight("w", 4, 3, 3).Node("Conv", "x w", "y", ("pads", Longs(1, 1)), ("strides", Longs(2))));
        Agrees(Model([1, 2, 5, 6, 4]).Weight("w", 3, 2, 3, 2, 2).Node("Conv", "x w", "y", ("pads", Longs(1, 0, 0, 1, 1, 0))));
    }

    [TestMethod]
    [DataRow("NOTSET")]
    [DataRow("SAME_UPPER")]
    [DataRow("SAME_LOWER")]
    public void ConvTranspose_agrees(string autoPad) =>
        Agrees(Model([1, 4, 5, 4]).Weight("w", 4, 3, 3, 3).Weight("b", 6)
            .Node("ConvTranspose", "x w b", "y", ("group", 2), ("strides", Longs(2, 3)), ("auto_pad", autoPad)));

    [TestMethod]
    public void ConvTranspose_takes_uneven_pads_and_output_padding() =>
        Agrees(Model([1, 2, 5, 4]).Weight("w", 2, 3, 3, 3)
            .Node("ConvTranspose", "x w", "y", ("strides", Longs(2, 2)), ("pads", Longs(0, 1, 1, 0)), ("output_padding", Longs(1, 1))));

    [TestMethod]
    [DataRow("MaxPool", 0, 0)]
    [DataRow("MaxPool", 1, 0)]
    [DataRow("AveragePool", 0, 0)]
    [DataRow("AveragePool", 0, 1)]
    [DataRow("AveragePool", 1, 0)]
    [DataRow("AveragePool", 1, 1)]
    public void Poolings_agree(string operation, int ceil, int countPads)
    {
        (string, object)[] count = operation == "AveragePool" ? [("count_include_pad", countPads)] : [];
        foreach (long[] pads in new[] { Longs(0, 0, 0, 0), Longs(1, 1, 1, 1), Longs(0, 1, 1, 0) })
        {
            Agrees(
                Model([1, 2, 8, 7], 19).Node(operation, "x", "y", [("kernel_shape", Longs(3, 2)), ("strides", Longs(2, 2)), ("pads", pads), ("ceil_mode", ceil), .. count]),
                $"pads {string.Join(' ', pads)}");
        }
    }

    [TestMethod]
    [DataRow("MaxPool", "SAME_UPPER")]
    [DataRow("MaxPool", "SAME_LOWER")]
    [DataRow("AveragePool", "SAME_UPPER")]
    [DataRow("AveragePool", "VALID")]
    public void Poolings_pad_themselves(string operation, string autoPad) =>
        Agrees(Model([1, 2, 9, 8]).Node(operation, "x", "y", ("kernel_shape", Longs(3, 3)), ("strides", Longs(2, 2)), ("auto_pad", autoPad)));

    [TestMethod]
    public void Poolings_dilate()
    {
        Agrees(Model([1, 2, 9, 8]).Node("MaxPool", "x", "y", ("kernel_shape", Longs(2, 3)), ("dilations", Longs(2, 2)), ("pads", Longs(1, 2, 0, 1))));
        Agrees(Model([1, 2, 9, 8], 19).Node("AveragePool", "x", "y", ("kernel_shape", Longs(2, 3)), ("dilations", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1))));
    }

    [TestMethod]
    [DataRow("LpPool")]
    [DataRow("GlobalLpPool")]
    public void Power_poolings_agree(string operation) =>
        Agrees(Model([1, 2, 6, 7]).Node(operation, "x", "y", operation == "LpPool" ? [("kernel_shape", Longs(2, 3)), ("p", 3)] : [("p", 3)]));

    [TestMethod]
    [DataRow("Softmax", 11, 1)]
    [DataRow("Softmax", 11, 2)]
    [DataRow("LogSoftmax", 11, 1)]
    [DataRow("Softmax", 13, 1)]
    [DataRow("LogSoftmax", 13, -2)]
    public void Softmax_flattens_before_operator_set_13_only(string operation, int opset, int axis) =>
        Agrees(Model([2, 3, 4, 5], opset).Node(operation, "x", "y", ("axis", axis)));

    [TestMethod]
    public void Clip_moved_its_bounds_to_inputs()
    {
        Agrees(Model([3, 4], 7).Node("Clip", "x", "y", ("min", -0.5f), ("max", 0.25f)));
        Agrees(Model([3, 4], 11).Weight("least", [], -0.5f).Weight("most", [], 0.25f).Node("Clip", "x least most", "y"));
        Agrees(Model([3, 4], 13).Weight("most", [], 0.25f).Node("Clip", "x _ most", "y"));
    }

    [TestMethod]
    public void Squeeze_Unsqueeze_and_ReduceSum_moved_their_axes_to_inputs()
    {
        Agrees(Model([1, 3, 1, 2], 11).Node("Squeeze", "x", "a", ("axes", Longs(0, -2))).Node("Unsqueeze", "a", "b", ("axes", Longs(1))).Node("ReduceSum", "b", "y", ("axes", Longs(-1)), ("keepdims", 0)));
        Agrees(Model([1, 3, 1, 2], 13).Ints("i", 0, -2).Ints("j", 1).Ints("k", -1).Node("Squeeze", "x i", "a").Node("Unsqueeze", "a j", "b").Node("ReduceSum", "b k", "y", ("keepdims", 0)));
    }

    [TestMethod]
    public void Slice_and_Pad_moved_to_inputs()
    {
        Agrees(Model([2, 3, 8, 9], 9).Node("Slice", "x", "a", ("starts", Longs(1, -5)), ("ends", Longs(100, -1)), ("axes", Longs(2, 3))).Node("Pad", "a", "y", ("pads", Longs(0, 0, 1, 2, 0, 0, 3, 0)), ("value", 0.5f)));
        Agrees(Model([2, 3, 8, 9], 13).Ints("s", 7, -1).Ints("e", long.MinValue, 0).Ints("a", 2, 3).Ints("t", -2, -3).Ints("p", 0, 1, 0, 0, 0, 0, 2, -1).Node("Slice", "x s e a t", "z").Node("Pad", "z p", "y"));
    }

    [TestMethod]
    [DataRow("reflect", 13)]
    [DataRow("edge", 13)]
    [DataRow("wrap", 19)]
    public void Pad_repeats_borders(string mode, int opset) =>
        Agrees(Model([1, 2, 4, 5], opset).Ints("p", 0, 1, 2, 3, 0, 0, 1, 2).Node("Pad", "x p", "y", ("mode", mode)));

    [TestMethod]
    [DataRow("nearest", "asymmetric", "floor")]
    [DataRow("nearest", "half_pixel", "round_prefer_ceil")]
    [DataRow("linear", "half_pixel", "floor")]
    [DataRow("linear", "pytorch_half_pixel", "floor")]
    [DataRow("linear", "align_corners", "floor")]
    [DataRow("cubic", "half_pixel", "floor")]
    [DataRow("linear", "half_pixel_symmetric", "floor")]
    public void Resize_agrees_both_ways(string mode, string coordinates, string nearest)
    {
        foreach (float scale in Scales)
        {
            Agrees(
                Model([1, 2, 6, 7], 19).Weight("scales", [4], 1, 1, scale, scale)
                    .Node("Resize", "x _ scales", "y", ("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", nearest)),
                $"scale {scale}");
        }
    }

    [TestMethod]
    [DataRow("linear")]
    [DataRow("cubic")]
    public void Resize_antialiases(string mode) =>
        Agrees(Model([1, 2, 12, 9], 18).Ints("sizes", 1, 2, 5, 4).Node("Resize", "x _ _ sizes", "y", ("mode", mode), ("antialias", 1)));

    [TestMethod]
    [DataRow(7)]
    [DataRow(9)]
    public void Upsample_agrees(int opset)
    {
        OnnxModelBuilder model = Model([1, 2, 3, 4], opset);
        Agrees(opset == 7
            ? model.Node("Upsample", "x", "y", ("mode", "nearest"), ("scales", Enlarged))
            : model.Weight("s", [4], 1, 1, 2, 3).Node("Upsample", "x s", "y", ("mode", "linear")));
    }

    [TestMethod]
    [DataRow(18)]
    [DataRow(21)]
    public void GroupNormalization_has_one_scale_a_group_then_one_a_channel(int opset)
    {
        long scales = opset == 18 ? 2 : 4;
        Agrees(Model([2, 4, 3, 3], opset).Weight("s", scales).Weight("b", scales).Node("GroupNormalization", "x s b", "y", ("num_groups", 2), ("epsilon", 1e-3f)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(9)]
    public void LRN_agrees(int size) =>
        Agrees(Model([2, 6, 3, 3]).Node("LRN", "x", "y", ("size", size), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 1.5f)));

    [TestMethod]
    public void LRN_with_an_even_window_reaches_one_channel_further_up()
    {
        byte[] model = Model([1, 3, 1, 1]).Node("LRN", "x", "y", ("size", 2), ("alpha", 2f), ("beta", 1f)).Output("y").ToBytes();
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(model, "lrn.onnx");
        Tensor output = graph.Run(new Dictionary<string, Tensor> { ["x"] = tensor(Scales, [1, 3, 1, 1]) })[0];
        Close.AreClose([2 / (1 + 4 + 2.25f), 1.5f / (1 + 2.25f + 0.36f), 0.6f / (1 + 0.36f)], output.Floats(), Tolerance, "LRN");
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("tanh")]
    public void Gelu_agrees(string approximate) => Agrees(Model([3, 5], 20).Node("Gelu", "x", "y", ("approximate", approximate)));

    [TestMethod]
    [DataRow("Mish", 18)]
    [DataRow("HardSwish", 14)]
    [DataRow("InstanceNormalization", 13)]
    [DataRow("LayerNormalization", 17)]
    [DataRow("BatchNormalization", 7)]
    [DataRow("BatchNormalization", 15)]
    public void Normalizations_and_activations_agree(string operation, int opset)
    {
        OnnxModelBuilder model = Model([2, 3, 4, 5], opset);
        Agrees(operation switch
        {
            "InstanceNormalization" => model.Weight("s", 3).Weight("b", 3).Node(operation, "x s b", "y"),
            "LayerNormalization" => model.Weight("s", 4, 5).Weight("b", 4, 5).Node(operation, "x s b", "y", ("axis", 2)),
            "BatchNormalization" => model.Weight("s", 3).Weight("b", 3).Weight("m", 3).Weight("v", [3], 0.5f, 1, 2).Node(operation, "x s b m v", "y"),
            _ => model.Node(operation, "x", "y"),
        });
    }

    [TestMethod]
    public void Split_shares_out_what_does_not_divide() =>
        Agrees(Model([2, 7], 18).Node("Split", "x", "a b c", ("axis", 1), ("num_outputs", 3)).Node("Concat", "c b a", "y", ("axis", 1)));

    [TestMethod]
    public void Quantised_networks_agree()
    {
        OnnxModelBuilder model = Model([2, 3, 4, 4], 13).Weight("s", [3], 0.02f, 0.05f, 0.01f).Weight("t", [], 0.03f);
        Agrees(model.Node("QuantizeLinear", "x s", "q", ("axis", 1)).Node("DequantizeLinear", "q s", "d", ("axis", 1)).Node("QuantizeLinear", "d t", "r").Node("DequantizeLinear", "r t", "y"));
    }

    [TestMethod]
    public void MatMul_stacks_and_broadcasts()
    {
        Agrees(Model([2, 1, 3, 4]).Weight("w", 5, 4, 6).Node("MatMul", "x w", "y"));
        Agrees(Model([2, 3, 4]).Weight("w", 4).Node("MatMul", "x w", "y"));
        Agrees(Model([4]).Weight("w", 2, 4, 3).Node("MatMul", "x w", "y"));
    }

    [TestMethod]
    [DataRow(22)]
    [DataRow(23)]
    [DataRow(24)]
    [DataRow(25)]
    [DataRow(26)]
    public void The_newest_operator_sets_are_read_as_those_before(int opset)
    {
        Agrees(Model([2, 3, 8, 8], opset).Weight("w", 4, 3, 3, 3).Node("Conv", "x w", "a", ("pads", Longs(1, 1, 1, 1))).Node("HardSwish", "a", "b")
            .Node("MaxPool", "b", "c", ("kernel_shape", Longs(2, 2)), ("strides", Longs(2, 2))).Node("AveragePool", "c", "d", ("kernel_shape", Longs(2, 2)))
            .Node("GlobalAveragePool", "d", "e").Node("Flatten", "e", "y"));
        Agrees(Model([2, 3, 4, 4], opset).Weight("s", [], 0.03f).Node("QuantizeLinear", "x s", "q").Node("DequantizeLinear", "q s", "y"));
        Agrees(Model([2, 3, 4, 4], opset).Weight("s", 3).Weight("b", 3).Node("InstanceNormalization", "x s b", "y"));
    }

    // The classifiers of the VGG networks take 25,088 numbers.
    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    [DataRow(1, 1)]
    public void Gemm_takes_as_many_inputs_as_a_VGG_has(int transposeLeft, int transposeRight)
    {
        const long Inputs = 25_088;
        Agrees(Model(transposeLeft == 1 ? [Inputs, 2] : [2, Inputs]).Weight("w", transposeRight == 1 ? [3, Inputs] : [Inputs, 3]).Weight("b", 1, 3)
            .Node("Gemm", "x w b", "y", ("transA", transposeLeft), ("transB", transposeRight), ("alpha", 1e-3f), ("beta", 0.5f)));
    }

    [TestMethod]
    public void GatherND_counts_batches() =>
        Agrees(Model([2, 3, 4], 13).Node("Transpose", "x", "t", ("perm", Longs(0, 2, 1))).Ints("flat", 1, 0, -1, 2).Ints("shape", 2, 2, 1)
            .Node("Reshape", "flat shape", "i").Node("GatherND", "t i", "y", ("batch_dims", 1)));

    private static long[] Longs(params long[] values) => values;

    private static OnnxModelBuilder Model(long[] input, long opset = 13) => new OnnxModelBuilder(opset).Input("x", input);

    /// <summary>Runs a model of one input and the output "y" here and in ONNX Runtime.</summary>
    internal static void Agrees(OnnxModelBuilder model, string what = "") => Agrees(model.Output("y"), model.ToBytesWithoutOutputShapes(), what);

    /// <summary>Runs a model of one input here, and another that is to give the same in ONNX Runtime.</summary>
    internal static void Agrees(OnnxModelBuilder model, byte[] spelledOut, string what = "")
    {
        byte[] bytes = model.ToBytesWithoutOutputShapes();
        long[] shape = [.. model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue)];
        float[] numbers = OnnxModelBuilder.Numbers(shape, 7);
        (float[] expected, long[] expectedShape) = OnnxRuntimeOracle.Run(spelledOut, numbers, shape);

        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(bytes, "operator.onnx");
        Tensor output = graph.Run(new Dictionary<string, Tensor> { ["x"] = tensor(numbers, shape) })[0];
        CollectionAssert.AreEqual(expectedShape, output.shape, what);
        Close.AreClose(expected, output.Floats(), Tolerance, $"{model.Graph.Node[^1].OpType} {what}");
    }
}
