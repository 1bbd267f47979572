using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>What lies under a map's heat: the layer's activations, averaged with the map as weights.</summary>
[TestClass]
public sealed class HeatFeatureTests
{
    private const int Places = TinyNetwork.MapSide * TinyNetwork.MapSide;
    private static readonly int[] OfThree = [3, TinyNetwork.Channels];

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("abs-cam", MapSize.Input)]
    [DataRow("abs-cam-initial", MapSize.Input)]
    [DataRow("abs-cam-initial", MapSize.Layer)]
    [DataRow("grad-cam", MapSize.Layer)]
    public void Features_are_the_activations_averaged_with_the_map_as_weights(string method, MapSize size)
    {
        IDataView explained = Explain(new AbsCamOptions { Method = SaliencyMethod.Parse(method), MapSize = size, Columns = new() { HeatFeatures = "Features" } });
        float[][] maps = explained.Maps();
        float[][] features = explained.Maps("Features");
        for (int row = 0; row < features.Length; row++)
        {
            Close.AreClose(Expected(row, maps[row]), features[row], Explained.Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    public void Of_several_targets_each_has_its_own()
    {
        IDataView explained = Explain(new AbsCamOptions { Target = SaliencyTarget.Top(3), Columns = new() { HeatFeatures = "Features" } });
        CollectionAssert.AreEqual(OfThree, ((VectorDataViewType)explained.Schema["Features"].Type).Dimensions);
        float[] maps = explained.Maps()[1];
        float[] expected = [.. Enumerable.Range(0, 3).SelectMany(target => Expected(1, maps[(target * TinyNetwork.Pixels)..((target + 1) * TinyNetwork.Pixels)]))];
        Close.AreClose(expected, explained.Maps("Features")[1], Explained.Tolerance, "three targets");
    }

    [TestMethod]
    public void Where_there_is_no_map_there_are_no_features()
    {
        VectorRow[] rows = TinyNetwork.Rows(2);
        rows[1].Input = new float[TinyNetwork.InputLength];
        rows[1].Input.AsSpan().Fill(float.NaN);
        IDataView data = TinyNetwork.View(_context, rows);
        IDataView explained = Explained.Transformer(_context, new AbsCamOptions { Columns = new() { HeatFeatures = "Features", Status = "Status" } }).Transform(data);
        Assert.AreEqual("Ok, NotFinite", string.Join(", ", explained.GetColumn<string>("Status")));
        Assert.IsTrue(explained.Maps("Features")[0].All(float.IsFinite));
        Assert.IsTrue(explained.Maps("Features")[1].All(float.IsNaN));
    }

    [TestMethod]
    [DataRow("rise", null, "works on the image")]
    [DataRow("abs-cam", "map,map2", "2 layers are combined")]
    public void A_method_without_one_layer_is_refused(string method, string? layers, string reason)
    {
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(method), Layers = layers?.Split(','), Columns = new() { HeatFeatures = "Features" } };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(options.Validate).Message, reason);
    }

    /// <summary>By loops over the hand-made convolution; a map of the input's size is averaged over the 2 x 2 pixels of each place first.</summary>
    private static float[] Expected(int row, float[] map)
    {
        double[][] activations = TinyLoops.Maps(TinyNetwork.Rectified, [.. TinyNetwork.Image(row).Select(value => (double)value)]);
        double[] weights = new double[Places];
        int scale = map.Length == Places ? 1 : TinyNetwork.Side / TinyNetwork.MapSide;
        int side = TinyNetwork.MapSide * scale;
        for (int i = 0; i < map.Length; i++)
        {
            weights[(i / side / scale * TinyNetwork.MapSide) + (i % side / scale)] += map[i];
        }

        return [.. activations.Select(activation => (float)(activation.Zip(weights, (a, w) => a * w).Sum() / weights.Sum()))];
    }

    private IDataView Explain(AbsCamOptions options) => Explained.Transformer(_context, options).Transform(TinyNetwork.View(_context, 3));
}
