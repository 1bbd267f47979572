using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class GridPointingTests
{
    // Maps in float32 beside plain loops in double.
    private const double Tolerance = 1e-4;
    private static readonly AbsCamOptions GradCam = new() { Method = SaliencyMethod.GradCam, Layers = ["map"] };
    private static readonly GridPointingOptions Vectors = new() { ImageColumn = nameof(VectorRow.Input) };
    private static readonly GridPointingOptions AskedClasses = Vectors with { TargetColumn = nameof(VectorRow.Target), MinimumProbability = 0 };
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_class_that_is_one_channel_is_found_in_its_tile()
    {
        using ImageNetwork network = ColourNetwork.Open();
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(Colours(0, 1, 2, 3, 4, 0, 1, 2), network, GradCam, Vectors);

        Assert.AreEqual(2, metrics.Grids);
        Assert.AreEqual(1, metrics.Localisation.Mean, Tolerance);
        Assert.AreEqual(1, metrics.Pointing.Mean);
        Assert.AreEqual(8, metrics.Localisation.Count);
        Assert.AreEqual(0.25, metrics.Chance);
    }

    [TestMethod]
    public void A_method_that_is_blind_to_classes_gets_what_chance_gives()
    {
        using ImageNetwork network = ColourNetwork.Open();
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(
            _context.Data.ShuffleRows(ColourNetwork.View(_context, Enumerable.Range(0, 20).Select(i => ColourNetwork.Row(i % 5, columns: 4)))), network, GradCam with { Method = new Blind() }, Vectors);

        Assert.AreEqual(metrics.Chance, metrics.Localisation.Mean, Tolerance);
        Assert.AreEqual(metrics.Chance, metrics.Pointing.Mean);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(1)]
    public void Tiles_and_numbers_are_those_of_plain_loops(int batchSize)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        GridPointingRowMetrics[] rows = [.. _context.Saliency.GridPointingRows(TinyNetwork.View(_context, 14), network, new AbsCamOptions { BatchSize = batchSize }, AskedClasses)];
        int[][] grids = FirstFit([.. Enumerable.Range(0, 14).Select(i => i % TinyNetwork.Classes)]);

        Assert.HasCount(14, rows);
        Assert.HasCount(3, grids);

        // Each mask is scored once for all four classes: beside the row itself and its grid, no more images than channels.
        Assert.IsLessThanOrEqualTo(2 + TinyNetwork.Channels, rows.Max(row => row.Forwards));
        for (int grid = 0; grid < grids.Length; grid++)
        {
            float[] picture = Picture(grids[grid]);
            for (int tile = 0; tile < 4; tile++)
            {
                int image = grids[grid][tile];
                GridPointingRowMetrics row = rows.Single(row => row.Row == image);
                float[] map = BruteForceAbsCam.Explain(TinyNetwork.Rectified, picture, image % TinyNetwork.Classes).Map;
                Assert.AreEqual((GridRowOutcome.Tile, grid, tile, image % TinyNetwork.Classes), (row.Outcome, row.Grid, row.Tile, row.Target));
                Assert.AreEqual(Share(map, tile), row.Localisation.Value, Tolerance, $"grid {grid}, tile {tile}");
                Assert.AreEqual(IsInside(Array.IndexOf(map, map.Max()), tile) ? 1 : 0, row.Pointing.Value, $"grid {grid}, tile {tile}");
            }
        }
    }

    [TestMethod]
    public void Only_rows_that_the_network_is_sure_of_become_tiles()
    {
        const double Least = 0.6;
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        GridPointingRowMetrics[] rows = [.. _context.Saliency.GridPointingRows(TinyNetwork.View(_context, 40), network, GradCam, Vectors with { MinimumProbability = Least })];

        Assert.HasCount(40, rows);
        foreach (GridPointingRowMetrics row in rows)
        {
            BruteForceAbsCam.Result expected = BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image((int)row.Row), method: SaliencyMethod.AbsCamInitial);
            Assert.AreEqual(expected.Class, row.Target);
            Assert.AreEqual(expected.Probabilities[expected.Class], row.Probability, Tolerance);
            Assert.AreEqual(expected.Probabilities[expected.Class] < Least, row.Outcome == GridRowOutcome.TooUnsure, $"row {row.Row}");
        }

        Assert.IsTrue(rows.Any(row => row.Outcome == GridRowOutcome.TooUnsure));
        Assert.IsTrue(rows.Any(row => row.Outcome != GridRowOutcome.TooUnsure));
    }

    [TestMethod]
    public void Reading_stops_when_as_many_grids_are_full_as_were_asked_for()
    {
        using ImageNetwork network = ColourNetwork.Open();
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(Colours([.. Enumerable.Range(0, 100).Select(i => i % 5)]), network, GradCam, Vectors with { GridCount = 2 });

        Assert.AreEqual(2, metrics.Grids);
        Assert.AreEqual(8, metrics.Tiles);
        Assert.IsLessThan(20, metrics.Rows);
    }

    [TestMethod]
    public void Open_grids_are_no_more_than_allowed_and_what_finds_no_room_is_left_over()
    {
        using ImageNetwork network = ColourNetwork.Open();
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(
            Colours(0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3), network, GradCam, Vectors with { MostOpenGrids = 2 });

        Assert.AreEqual(2, metrics.Grids);
        Assert.AreEqual(8, metrics.Tiles);
        Assert.AreEqual(4, metrics.LeftOver);
        Assert.AreEqual(4, metrics.Classes);
    }

    [TestMethod]
    public void Forwards_are_one_a_row_and_one_a_grid_for_a_gradient_method()
    {
        using ImageNetwork network = ColourNetwork.Open();

        Assert.AreEqual(10 + 2, _context.Saliency.GridPointingGame(Colours(0, 1, 2, 3, 4, 0, 1, 2, 3, 3), network, GradCam, Vectors).Forwards);
    }

    [TestMethod]
    public void Flat_maps_are_counted_and_named_and_in_no_mean()
    {
        using ImageNetwork network = ColourNetwork.Open();
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(Colours(0, 1, 2, 3), network, GradCam with { Method = new Flat() }, Vectors);

        Assert.AreEqual((0, 4), (metrics.Localisation.Count, metrics.Localisation.Unmeasured));
        Assert.HasCount(4, metrics.Unmeasured);
        StringAssert.Contains(metrics.ToString(), "row 0 not measured: there is no map of its class over grid 0: the map has one value everywhere, so it points nowhere.");
    }

    [TestMethod]
    public void Rows_without_a_class_or_with_numbers_that_are_none_are_unusable()
    {
        using ImageNetwork network = ColourNetwork.Open();
        VectorRow[] rows = [.. Enumerable.Range(0, 4).Select(i => ColourNetwork.Row(i)), ColourNetwork.Row(0), ColourNetwork.Row(1), ColourNetwork.Row(2)];
        rows[4].Target = -1;
        rows[5].Target = 77;
        rows[6].Input[3] = float.NaN;
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(ColourNetwork.View(_context, rows), network, GradCam, AskedClasses);

        Assert.AreEqual((3, 4), (metrics.Unusable, metrics.Tiles));
        string[] reasons = [.. metrics.Unmeasured.Select(row => row.Reason)];
        StringAssert.Contains(reasons[0], "there is no class");
        StringAssert.Contains(reasons[1], "it asks for class 77, and the network has 5");
        StringAssert.Contains(reasons[2], "not finite");
    }

    [TestMethod]
    public void Too_few_classes_are_told_with_the_counts()
    {
        using ImageNetwork network = ColourNetwork.Open();
        string message = Assert.ThrowsExactly<ArgumentException>(() => _context.Saliency.GridPointingGame(Colours(0, 1, 2, 2), network, GradCam, Vectors)).Message;

        StringAssert.Contains(message, "images of 4 classes");
        StringAssert.Contains(message, "of 4 rows 4 are sure, of 3 classes; 0 are too unsure");
    }

    [TestMethod]
    public void Wrong_options_are_told()
    {
        using ImageNetwork network = ColourNetwork.Open();
        string refused(GridPointingOptions options, AbsCamOptions? explain = null, IDataView? data = null)
            => Assert.Throws<ArgumentException>(() => _context.Saliency.GridPointingGame(data ?? Colours(0), network, explain ?? GradCam, options)).Message;

        StringAssert.Contains(refused(Vectors with { TilesPerSide = 1 }), "GridPointingOptions.TilesPerSide");
        StringAssert.Contains(refused(Vectors with { TilesPerSide = 3 }), "needs 9 different ones");
        StringAssert.Contains(refused(Vectors with { TilesPerSide = 9 }), "8 x 8 pixels");
        StringAssert.Contains(refused(Vectors with { MinimumProbability = 1.5 }), "GridPointingOptions.MinimumProbability");
        StringAssert.Contains(refused(Vectors with { MostOpenGrids = 0 }), "GridPointingOptions.MostOpenGrids");
        StringAssert.Contains(refused(Vectors with { GridCount = 0 }), "GridPointingOptions.GridCount");
        StringAssert.Contains(refused(Vectors with { ImageColumn = "Pixels" }), "Pixels");
        StringAssert.Contains(refused(Vectors, GradCam with { Target = SaliencyTarget.Class(1) }), "AbsCamOptions.Target");
        StringAssert.Contains(refused(Vectors, data: Colours()), "no rows");
    }

    [TestMethod]
    public void The_same_data_give_the_same_numbers()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        string[] tables = [.. Enumerable.Range(0, 2).Select(_ => _context.Saliency.GridPointingGame(TinyNetwork.View(_context, 14), network, new AbsCamOptions(), AskedClasses).ToString())];

        Assert.AreEqual(tables[0], tables[1]);
    }

    [TestMethod]
    public void Grad_cam_beats_chance_on_photos()
    {
        string folder = SharedData.PathOrSkip("images", "imagenet");
        using ImageNetwork network = ImageNetwork.FromOnnx(SharedData.PathOrSkip("models", "squeezenet1.0.onnx"));
        IEnumerable<PhotoRow> photos = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => new PhotoRow { Image = Data.MLImage.CreateFromFile(file) });
        GridPointingMetrics metrics = _context.Saliency.GridPointingGame(
            _context.Data.LoadFromEnumerable(photos), network, new AbsCamOptions { Method = SaliencyMethod.GradCam }, new GridPointingOptions { GridCount = 5 });

        Assert.AreEqual(20, metrics.Tiles);
        Assert.IsGreaterThan(2 * metrics.Chance, metrics.Localisation.Lower);
        Assert.IsGreaterThan(2 * metrics.Chance, metrics.Pointing.Lower);
    }

    private IDataView Colours(params int[] classes) => ColourNetwork.View(_context, classes.Select(target => ColourNetwork.Row(target)));

    /// <summary>Each image in the first grid without its class; those that fill up.</summary>
    private static int[][] FirstFit(int[] classes)
    {
        List<List<int>> grids = [];
        for (int image = 0; image < classes.Length; image++)
        {
            List<int>? grid = grids.Find(grid => grid.Count < 4 && grid.TrueForAll(other => classes[other] != classes[image]));
            if (grid is null)
            {
                grids.Add(grid = []);
            }

            grid.Add(image);
        }

        return [.. grids.Where(grid => grid.Count == 4).Select(grid => grid.ToArray())];
    }

    /// <summary>Four tiny images, each the means of its 2 x 2 blocks.</summary>
    private static float[] Picture(int[] images) => [.. Enumerable.Range(0, TinyNetwork.InputLength).Select(at =>
    {
        (int channel, int y, int x) = (at / 64, at / 8 % 8, at % 8);
        float[] image = TinyNetwork.Image(images[(y / 4 * 2) + (x / 4)]);
        int first = (channel * 64) + (y % 4 * 2 * 8) + (x % 4 * 2);
        return (image[first] + image[first + 1] + image[first + 8] + image[first + 9]) / 4;
    })];

    private static bool IsInside(int pixel, int tile) => (pixel / 8 / 4 * 2) + (pixel % 8 / 4) == tile;

    private static double Share(float[] map, int tile) => map.Where((_, at) => IsInside(at, tile)).Sum(value => (double)value) / map.Sum(value => (double)value);

    /// <summary>The sum of all maps, whatever the class.</summary>
    private sealed class Blind() : GradientMethod("blind")
    {
        protected internal override TorchSharp.torch.Tensor Combine(TorchSharp.torch.Tensor activation, TorchSharp.torch.Tensor gradient) => activation.sum(1);
    }

    private sealed class Flat() : GradientMethod("flat")
    {
        protected internal override TorchSharp.torch.Tensor Combine(TorchSharp.torch.Tensor activation, TorchSharp.torch.Tensor gradient) => activation.sum(1).zero_();
    }
}
