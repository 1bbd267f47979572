using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Windows that reach beyond their input, and what is left of nothing, beside ONNX Runtime.</summary>
[TestClass]
public sealed class WindowBoundsTests
{
    // Its square is the first that 32 bits do not hold.
    private const long Stride = 46_341;

    private static readonly string[] Poolings = ["MaxPool", "AveragePool", "LpPool"];
    private static readonly long[] Three = [3, 3];

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(0, 1)]
    [DataRow(1, 0)]
    [DataRow(1, 1)]
    public void A_pooling_that_steps_beyond_its_input_has_one_window(int ceil, int pad)
    {
        foreach (string operation in Poolings)
        {
            foreach (long stride in new[] { 7L, 9L, Stride })
            {
                Agrees(
                    Model([1, 2, 8, 8], 18).Node(operation, "x", "y", ("kernel_shape", Three), ("strides", Longs(stride, stride)), ("ceil_mode", ceil), ("pads", Longs(pad, pad, pad, pad))),
                    $"{operation} {stride}");
            }
        }
    }

    [TestMethod]
    public void A_dilation_between_no_two_numbers_says_nothing()
    {
        foreach (string operation in Poolings)
        {
            Agrees(Model([1, 2, 8, 8], 19).Node(operation, "x", "y", ("kernel_shape", Longs(1, 3)), ("dilations", Longs(Stride, 2))), operation);
        }

        Agrees(Model([2, 2, 8, 8]).Weight("w", 2, 2, 1, 1).Node("Conv", "x w", "y", ("dilations", Longs(Stride, Stride))));
    }

    [TestMethod]
    public void A_convolution_that_steps_beyond_its_input_has_one_window_and_a_gradient()
    {
        Agrees(Model([2, 2, 8, 8]).Weight("w", 2, 2, 3, 3).Node("Conv", "x w", "y", ("strides", Longs(Stride, Stride)), ("pads", Longs(1, 2, 3, 4))));
        Agrees(Model([2, 2, 1, 1]).Weight("w", 2, 2, 3, 3).Node("ConvTranspose", "x w", "y", ("strides", Longs(Stride, Stride))));

        // Two rows: with the stride as it stands, libtorch's backward pass ends the process.
        byte[] model = Model([2, 2, 8, 8]).Weight("w", 2, 2, 3, 3).Node("Conv", "x w", "y", ("strides", Longs(Stride, Stride))).Output("y").ToBytesWithoutOutputShapes();
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(model, "stride.onnx");
        Tensor image = tensor(OnnxModelBuilder.Numbers([2, 2, 8, 8], 7), [2, 2, 8, 8]).requires_grad_(true);
        Tensor gradient = autograd.grad([graph.Run(new Dictionary<string, Tensor> { ["x"] = image })[0].sum()], [image])[0];
        float[] weights = OnnxModelBuilder.Numbers([2, 2, 3, 3], 'w');
        Assert.AreEqual(weights[0] + weights[18], gradient[1, 0, 0, 0].item<float>(), 1e-5);
        Assert.AreEqual(0, gradient[1, 0, 3, 3].item<float>());
    }

    [TestMethod]
    public void A_network_with_such_a_convolution_is_imported_with_its_gradient()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("k", 4, 3, 3, 3).Weight("l", 4, 4, 3, 3).Weight("w", 4, 3)
            .Node("Conv", "image k", "before").Node("Relu", "before", "map").Node("Conv", "map l", "last", ("strides", Longs(Stride, Stride)))
            .Node("Flatten", "last", "flat").Node("Gemm", "flat w", "scores").Output("scores").ToBytesWithoutOutputShapes();
        using OnnxNetwork network = OnnxNetwork.Load(model, "stride.onnx");
        Assert.AreEqual("map", network.DefaultLayer?.Name);
        Assert.IsNull(network.GradientFault);
    }

    [TestMethod]
    [DataRow(3L, 3L, 3L, 3L)]
    [DataRow(0L, 0L, 4L, 4L)]
    [DataRow(-1L, -1L, -1L, -1L)]
    public void A_pooling_whose_border_is_none_is_refused_as_ONNX_Runtime_refuses_it(long top, long left, long bottom, long right)
    {
        foreach (string operation in Poolings)
        {
            Refused(Model([1, 1, 8, 8]).Node(operation, "x", "y", ("kernel_shape", Three), ("pads", Longs(top, left, bottom, right))), "'pads' is");
        }
    }

    [TestMethod]
    [DataRow("Conv")]
    [DataRow("ConvTranspose")]
    public void Negative_borders_are_refused_as_ONNX_Runtime_refuses_them(string operation) =>
        Refused(Model([1, 2, 8, 8]).Weight("w", 2, 2, 3, 3).Node(operation, "x w", "y", ("pads", Longs(-1, -1, -1, -1))), "'pads' is");

    [TestMethod]
    public void Steps_that_leave_out_more_than_windows_see_are_not_padded_by_guess() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<NetworkLoadException>(() => Agrees(Model([2, 2, 8, 8]).Weight("w", 2, 2, 3, 3).Node("Conv", "x w", "y", ("strides", Longs(9, 9)), ("auto_pad", "SAME_UPPER")))).Message,
            "export it with 'pads'");

    [TestMethod]
    public void Steps_of_two_over_single_pixels_need_no_padding() =>
        Agrees(Model([2, 2, 8, 8]).Weight("w", 2, 2, 1, 1).Node("Conv", "x w", "y", ("strides", Longs(2, 2)), ("auto_pad", "SAME_UPPER")));

    [TestMethod]
    [DataRow(1, "pads", new[] { 2L, 2, 1, 1 }, "leave nothing")]
    [DataRow(1, "pads", new[] { 3L, 3, 3, 3 }, "leave nothing")]
    [DataRow(3, "output_padding", new[] { 2L, 2 }, "'output_padding' is")]
    [DataRow(3, "output_shape", new[] { 9L, 9 }, "should be")]
    public void A_transposed_convolution_whose_output_cannot_be_is_refused_as_ONNX_Runtime_refuses_it(int side, string attribute, long[] value, string reason) =>
        Refused(Model([1, 2, side, side]).Weight("w", 2, 2, 3, 3).Node("ConvTranspose", "x w", "y", ("strides", Longs(2, 2)), (attribute, value)), reason);

    [TestMethod]
    [DataRow(13)]
    [DataRow(20)]
    public void What_is_reduced_from_nothing_is_what_ONNX_Runtime_says(int opset)
    {
        string[] operations = ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp"];
        foreach (string operation in operations)
        {
            OnnxModelBuilder model = Model([2, 3], opset).Ints("start", 0).Ints("end", 0).Ints("columns", 1).Node("Slice", "x start end columns", "nothing");
            Agrees(
                operation == "ReduceSum" || opset >= 18
                    ? model.Node(operation, "nothing columns", "y")
                    : model.Node(operation, "nothing", "y", ("axes", Longs(1))),
                operation);
        }
    }

    [TestMethod]
    [DataRow("GlobalAveragePool")]
    [DataRow("GlobalMaxPool")]
    [DataRow("GlobalLpPool")]
    public void A_pooling_of_nothing_is_refused_as_ONNX_Runtime_refuses_it(string operation) =>
        Refused(Model([2, 3, 4, 4]).Ints("start", 0).Ints("end", 0).Ints("rows", 2).Node("Slice", "x start end rows", "nothing").Node(operation, "nothing", "y"), "empty");

    private static long[] Longs(params long[] values) => values;

    private static OnnxModelBuilder Model(long[] input, long opset = 13) => new OnnxModelBuilder(opset).Input("x", input);

    private static void Agrees(OnnxModelBuilder model, string what = "") => OperatorParityTests.Agrees(model, what);

    private static void Refused(OnnxModelBuilder model, string reason)
    {
        byte[] bytes = model.Output("y").ToBytesWithoutOutputShapes();
        long[] shape = [.. model.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue)];
        float[] numbers = OnnxModelBuilder.Numbers(shape, 7);
        Assert.Throws<Exception>(() => OnnxRuntimeOracle.Run(bytes, numbers, shape));
        using DisposeScope scope = NewDisposeScope();
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() =>
        {
            using OnnxGraph graph = OnnxGraph.Load(bytes, "window.onnx");
            graph.Run(new Dictionary<string, Tensor> { ["x"] = tensor(numbers, shape) });
        });
        StringAssert.Contains(e.Message, reason);
    }
}
