using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Batches;

[TestClass]
public sealed class BatchingTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [DataRow(1L, -1L)]
    [DataRow(1L, 4L)]
    [DataRow(-1L, 4L)]
    [DataRow(0L, -1L)]
    public void A_reshape_written_for_one_image_keeps_a_batch(long rows, long columns) =>
        RowsAgree(Start(batch: 1).Node("GlobalAveragePool", "map", "pooled").Ints("shape", rows, columns).Node("Reshape", "pooled shape", "flat"), rowByRow: false);

    [TestMethod]
    public void A_batch_size_that_is_computed_from_the_shape_keeps_a_batch() =>
        RowsAgree(
            Start(batch: 0).Node("GlobalAveragePool", "map", "pooled").Node("Shape", "pooled", "sizes").Ints("first", 0).Node("Gather", "sizes first", "rows")
                .Ints("rest", -1).Node("Concat", "rows rest", "shape", ("axis", 0)).Node("Reshape", "pooled shape", "flat"),
            rowByRow: false);

    [TestMethod]
    public void A_network_that_mixes_its_rows_up_runs_row_by_row() =>
        RowsAgree(
            Start(batch: 1).Node("GlobalAveragePool", "map", "pooled").Ints("all", -1).Node("Reshape", "pooled all", "vector").Ints("axis", 0)
                .Node("Unsqueeze", "vector axis", "flat"),
            rowByRow: true);

    [TestMethod]
    public void A_network_that_only_takes_one_row_runs_row_by_row() =>
        RowsAgree(
            Start(batch: 1).Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "most").Weight("more", 1, 2)
                .Node("Concat", "most more", "six", ("axis", 1)).Weight("mix", 6, 4).Node("MatMul", "six mix", "flat"),
            rowByRow: true);

    [TestMethod]
    public void A_statistic_over_the_batch_is_found_out() =>
        RowsAgree(
            Start(batch: 0).Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "each").Node("ReduceMean", "each", "mean", ("axes", Zero))
                .Node("Sub", "each mean", "centred").Node("Add", "each centred", "flat"),
            rowByRow: true);

    [TestMethod]
    [DataRow("ReduceMax", 0)]
    [DataRow("ReduceMax", 1)]
    [DataRow("ReduceSumSquare", 0)]
    [DataRow("ReduceL2", 0)]
    public void An_image_that_is_normalised_by_what_the_whole_batch_holds_is_found_out(string statistic, int batch) =>
        RowsAgree(
            new OnnxModelBuilder().Input("image", batch, 3, 6, 7).Node(statistic, "image", "whole", ("keepdims", 0)).Node("Div", "image whole", "normal")
                .Weight("kernel", 4, 3, 3, 3).Node("Conv", "normal kernel", "before").Node("Relu", "before", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat"),
            rowByRow: true);

    [TestMethod]
    [DataRow(1e-4f)]
    [DataRow(1f)]
    [DataRow(1e4f)]
    public void A_batch_changes_no_score_however_small_or_large_scores_are(float scale)
    {
        OnnxModelBuilder model = Start(batch: 0).Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "each").Node("ReduceMean", "each", "mean", ("axes", Zero))
            .Weight("little", [], 0.01f).Node("Mul", "mean little", "some").Node("Sub", "each some", "centred").Weight("scale", [], scale).Node("Mul", "centred scale", "flat");
        RowsAgree(model, rowByRow: true, scale);
    }

    [TestMethod]
    [DataRow(1e-4f)]
    [DataRow(1e4f)]
    public void Small_and_large_scores_alone_make_no_rows_run_one_by_one(float scale) =>
        RowsAgree(Start(batch: 0).Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "each").Weight("scale", [], scale).Node("Mul", "each scale", "flat"), rowByRow: false, scale);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void The_log_says_when_rows_run_one_by_one(bool rowByRow)
    {
        OnnxModelBuilder model = Start(batch: 1).Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "each");
        model = rowByRow ? model.Node("ReduceMean", "each", "mean", ("axes", Zero)).Node("Sub", "each mean", "centred").Node("Add", "each centred", "flat") : model.Node("Identity", "each", "flat");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.Weight("weights", 4, 5).Node("Gemm", "flat weights", "scores").Output("scores").ToBytes());
        MLContext context = new(seed: 1);
        List<string> lines = [];
        context.Log += (_, line) => lines.Add(line.Message);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = new float[3 * 6 * 7] }], 3, 6, 7);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, new AbsCamOptions()).Fit(data);
        Assert.HasCount(6 * 7, transformer.Transform(data).GetColumn<float[]>("Map").Single());
        Assert.AreEqual(rowByRow, lines.Any(line => line.Contains("rows of a batch run one by one", StringComparison.Ordinal)), string.Join('\n', lines));
    }

    private static readonly long[] Zero = [0];

    private static OnnxModelBuilder Start(long batch) =>
        new OnnxModelBuilder().Input("image", batch, 3, 6, 7).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "map");

    private static void RowsAgree(OnnxModelBuilder model, bool rowByRow, double scale = 1)
    {
        byte[] bytes = model.Weight("weights", 4, 5).Node("Gemm", "flat weights", "scores").Output("scores").ToBytesWithoutOutputShapes();
        const int Rows = 3;
        long[] one = [1, 3, 6, 7];
        float[][] images = [.. Enumerable.Range(0, Rows).Select(row => OnnxModelBuilder.Numbers(one, 100 + row))];
        float[] expected = [.. images.SelectMany(image => OnnxRuntimeOracle.Run(bytes, image, one).Values)];

        using OnnxNetwork loaded = OnnxNetwork.Load(bytes, "batch.onnx");
        using DisposeScope scope = NewDisposeScope();
        Tensor batch = tensor([.. images.SelectMany(image => image)], [Rows, 3, 6, 7]);
        Assert.AreEqual(rowByRow, loaded.RunsRowByRow);
        Close.AreClose(expected, loaded.Logits(batch).Floats(), Tolerance * scale, "logits");

        (Tensor activation, Tensor logits) = loaded.RunFromLayer(batch, "map");
        Close.AreClose(expected, logits.Floats(), Tolerance * scale, "logits from the layer");
        CollectionAssert.AreEqual(new long[] { Rows, 4, 4, 5 }, activation.shape);

        // Each row's gradient is that of the row alone.
        Tensor gradient = autograd.grad([logits.select(1, 2).sum()], [activation])[0];
        for (int row = 0; row < Rows; row++)
        {
            (Tensor alone, Tensor score) = loaded.RunFromLayer(batch.narrow(0, row, 1), "map");
            Close.AreClose(autograd.grad([score[0, 2]], [alone])[0].Floats(), gradient.narrow(0, row, 1).Floats(), Tolerance * scale, $"gradient of row {row}");
        }
    }
}
