using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>Maps read between their pixels, beside ONNX Runtime and finite differences.</summary>
[TestClass]
public sealed class GridSampleTests
{
    public static IEnumerable<object[]> Kinds() =>
        from mode in (string[])["linear", "nearest", "cubic"]
        from padding in (string[])["zeros", "border", "reflection"]
        from corners in (int[])[0, 1]
        select new object[] { mode, padding, corners };

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void All_modes_agree_inside_and_far_outside(string mode, string padding, int corners)
    {
        OperatorParityTests.Agrees(Model(mode, padding, corners, 20), $"{mode} {padding} {corners}");
        OperatorParityTests.Agrees(Model(mode is "nearest" ? mode : "bi" + mode, padding, corners, 16), $"{mode} {padding} {corners}");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Gradients_reach_the_map_and_the_places(string mode, string padding, int corners)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(20).Input("x", 2, 2, 4, 5).Input("grid", 2, 3, 2, 2)
            .Node("GridSample", "x grid", "y", ("mode", mode), ("padding_mode", padding), ("align_corners", corners)).Output("y");
        if (mode != "nearest")
        {
            FiniteDifferences.Agree(model);
        }
    }

    [TestMethod]
    public void A_volume_and_a_grid_that_does_not_fit_are_refused()
    {
        Refused([1, 2, 3, 4, 5], [1, 2, 2, 2, 3], "volumes are not supported");
        Refused([1, 2, 3, 4], [1, 2, 2, 3], "expected [batch, channels, height, width] and [batch, rows, columns, 2]");
        Refused([1, 2, 3, 4], [2, 2, 2, 2], "expected [batch");
    }

    private static void Refused(long[] map, long[] grid, string reason)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(20).Weight("m", map).Weight("g", grid).Input("x", 1).Node("GridSample", "m g", "z").Node("Add", "x z", "y").Output("y");
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => OnnxGraph.Load(model.ToBytes(), "grid.onnx")).Message, reason);
    }

    // From the middle to far beyond the border, at places that are none of the pixels.
    private static OnnxModelBuilder Model(string mode, string padding, int corners, int opset) => new OnnxModelBuilder(opset).Input("x", 2, 3, 4, 5)
        .Weight("grid", [2, 4, 5, 2], [.. Enumerable.Range(0, 80).Select(i => (float)(Math.Sin(i * 1.7) * (0.3 + (i * 0.05))))])
        .Node("GridSample", "x grid", "y", ("mode", mode), ("padding_mode", padding), ("align_corners", corners));
}
