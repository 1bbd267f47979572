using System.Reflection;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>The appended columns: types, annotations, values, and that each can be read alone.</summary>
[TestClass]
public sealed class ColumnTests
{
    private static readonly int[] MapDimensions = [TinyNetwork.Side, TinyNetwork.Side];
    private static readonly int[] LayerDimensions = [TinyNetwork.MapSide, TinyNetwork.MapSide];
    private static readonly int[] TopDimensions = [3, TinyNetwork.Side, TinyNetwork.Side];
    private static readonly int[] TopOnly = [3];

    private static readonly AbsCamOptions Every = new()
    {
        Columns = new() { Class = "Class", Probability = "Probability", Scores = "Scores", Status = "Status", Forwards = "Forwards", Milliseconds = "Milliseconds" },
        Labels = TinyNetwork.Labels,
    };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Each_column_can_be_read_alone()
    {
        IDataView explained = Explain(Every);
        BruteForceAbsCam.Result[] expected = Expected();
        Explained.AreMapsOf([0, 1, 2], explained.Maps());
        CollectionAssert.AreEqual(expected.Select(row => (uint)row.Class + 1).ToArray(), explained.GetColumn<uint>("Class").ToArray());
        Close.AreClose([.. expected.Select(row => row.Probabilities[row.Class])], [.. explained.GetColumn<float>("Probability")], Explained.Tolerance, "probabilities");
        float[][] scores = explained.Maps("Scores");
        for (int row = 0; row < scores.Length; row++)
        {
            Close.AreClose(expected[row].Probabilities, scores[row], Explained.Tolerance, $"scores of row {row}");
        }

        Assert.AreEqual("Ok, Ok, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        CollectionAssert.AreEqual(expected.Select(row => row.Forwards).ToArray(), explained.GetColumn<int>("Forwards").ToArray());
        Assert.IsTrue(explained.GetColumn<float>("Milliseconds").All(time => time > 0));
    }

    [TestMethod]
    public void Every_name_in_the_options_makes_a_column()
    {
        foreach (PropertyInfo name in typeof(AbsCamColumns).GetProperties())
        {
            var columns = new AbsCamColumns();
            name.SetValue(columns, "Extra");
            OutputColumn made = OutputColumns.For(Explained.Map, new AbsCamOptions { Columns = columns }, mapHeight: 2, mapWidth: 2, classCount: () => 3)[1];
            Assert.AreEqual(("Extra", name.Name), (made.Name, made.What));
            name.SetValue(columns, "");
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new AbsCamOptions { Columns = columns }.Validate()).Message, $"AbsCamOptions.Columns.{name.Name} is empty");
        }
    }

    [TestMethod]
    public void Scores_alone_need_one_forward_pass_and_no_map()
    {
        using var module = new TinyModule();
        IDataView explained = Explain(Every, module.Open());
        explained.Maps("Scores");
        CollectionAssert.AreEqual(new long[] { 1, 3 }, module.Passes);
    }

    [TestMethod]
    public void A_passed_through_column_costs_nothing()
    {
        IDataView view = TinyNetwork.View(_context, 3);
        ImageNetwork network = TinyNetwork.Rectified.Open();
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, "Input", network, Every).Fit(view);
        IDataView explained = transformer.Transform(view);
        Assert.AreEqual(3, explained.GetColumn<string>("Name").Count());
        Assert.AreEqual(3L, explained.GetRowCount());
        Assert.IsFalse(transformer.Network.IsLoaded);
        explained.Maps();
        Assert.IsTrue(transformer.Network.IsLoaded);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Schemas_of_photos_load_no_network(bool withPreprocessing)
    {
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(1));
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamEstimator estimator = _context.Transforms.AbsCam(Explained.Map, "Image", network, Every with { Labels = null, Columns = Every.Columns with { Overlay = "Overlay" }, Preprocessing = withPreprocessing ? Photos.Preprocessing : null });
        estimator.GetOutputSchema(Explained.Shape(view.Schema));
        AbsCamTransformer transformer = estimator.Fit(view);
        DataViewSchema schema = transformer.Transform(view).Schema;
        Assert.AreEqual(TinyNetwork.Classes, ((VectorDataViewType)schema["Scores"].Type).Size);
        CollectionAssert.AreEqual(MapDimensions, ((VectorDataViewType)schema[Explained.Map].Type).Dimensions);
        transformer.GetRowToRowMapper(view.Schema);
        Assert.IsFalse(network.IsLoaded);
    }

    [TestMethod]
    public void The_class_is_a_key_with_the_labels_and_the_scores_have_slot_names()
    {
        DataViewSchema schema = Explain(Every).Schema;
        Assert.AreEqual(new KeyDataViewType(typeof(uint), TinyNetwork.Classes), schema["Class"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Class"].GetKeyValues(ref names);
        CollectionAssert.AreEqual(TinyNetwork.Labels, names.DenseValues().Select(name => name.ToString()).ToArray());
        schema["Scores"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(TinyNetwork.Labels, names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void The_class_converts_to_its_name()
    {
        IDataView explained = Explain(Every);
        IDataView named = _context.Transforms.Conversion.MapKeyToValue("Name of class", "Class").Fit(explained).Transform(explained);
        CollectionAssert.AreEqual(Expected().Select(row => TinyNetwork.Labels[row.Class]).ToArray(), named.GetColumn<string>("Name of class").ToArray());
    }

    [TestMethod]
    public void The_best_three_have_a_map_a_class_and_a_probability_each()
    {
        IDataView explained = Explain(Every with { Target = SaliencyTarget.Top(3) });
        CollectionAssert.AreEqual(TopDimensions, ((VectorDataViewType)explained.Schema[Explained.Map].Type).Dimensions);
        foreach (string column in (string[])["Class", "Probability", "Status"])
        {
            CollectionAssert.AreEqual(TopOnly, ((VectorDataViewType)explained.Schema[column].Type).Dimensions, column);
        }

        BruteForceAbsCam.Result[] predicted = Expected();
        float[][] maps = explained.Maps();
        float[][] probabilities = explained.Maps("Probability");
        uint[][] classes = [.. explained.GetColumn<VBuffer<uint>>("Class").Select(row => row.DenseValues().ToArray())];
        for (int row = 0; row < maps.Length; row++)
        {
            int[] best = [.. Enumerable.Range(0, TinyNetwork.Classes).OrderByDescending(c => predicted[row].Probabilities[c]).Take(3)];
            CollectionAssert.AreEqual(best.Select(c => (uint)c + 1).ToArray(), classes[row]);
            Close.AreClose([.. best.Select(c => predicted[row].Probabilities[c])], probabilities[row], Explained.Tolerance, "probabilities");
            float[] expected = [.. best.SelectMany(c => BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row), c).Map)];
            Close.AreClose(expected, maps[row], Explained.Tolerance, $"maps of row {row}");
        }
    }

    [TestMethod]
    [DataRow("abs-cam-initial")]
    [DataRow("abs-cam")]
    [DataRow("abs-cam-per-channel")]
    [DataRow("abs-cam-whole")]
    public void Maps_at_the_layers_size_are_those_that_would_be_enlarged(string name)
    {
        SaliencyMethod method = SaliencyMethod.Parse(name);
        IDataView explained = Explain(new AbsCamOptions { MapSize = MapSize.Layer, Method = method });
        CollectionAssert.AreEqual(LayerDimensions, ((VectorDataViewType)explained.Schema[Explained.Map].Type).Dimensions);
        float[][] maps = explained.Maps();
        for (int row = 0; row < maps.Length; row++)
        {
            float[] expected = BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row), null, method, atLayerSize: true).Map;
            Close.AreClose(expected, maps[row], Explained.Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    public void Photos_give_the_map_of_a_vector_made_by_other_means()
    {
        float[][] maps = ExplainPhotos(Photos.Rows(3), new AbsCamOptions()).Maps();
        for (int i = 0; i < maps.Length; i++)
        {
            Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, Photos.Input(i)).Map, maps[i], Explained.Tolerance, $"photo {i}");
        }
    }

    [TestMethod]
    public void An_overlay_has_the_photos_own_size()
    {
        using MLImage wide = TestImage.Noise(30, 17);
        IDataView explained = ExplainPhotos([new PhotoRow { Image = wide }], new AbsCamOptions { Columns = new() { Overlay = "Overlay" } });
        Assert.IsInstanceOfType<ImageDataViewType>(explained.Schema["Overlay"].Type);
        using MLImage overlay = explained.GetColumn<MLImage>("Overlay").Single();
        Assert.AreEqual((30, 17), (overlay.Width, overlay.Height));
        Assert.AreNotEqual(wide.Pixel(15, 8), overlay.Pixel(15, 8));
    }

    [TestMethod]
    [DataRow(VectorLayout.Auto)]
    [DataRow(VectorLayout.ChannelsLast)]
    public void Channels_first_and_last_dense_and_sparse_give_the_same_map(VectorLayout layout)
    {
        float[] image = [.. TinyNetwork.Image(0).Select((value, i) => i % 3 == 0 ? value : 0)];
        float[] interleaved = new float[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            interleaved[(i % TinyNetwork.Pixels * 3) + (i / TinyNetwork.Pixels)] = image[i];
        }

        float[] expected = Map(Dense(image), VectorLayout.Auto, 3, TinyNetwork.Side, TinyNetwork.Side);
        Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, image).Map, expected, Explained.Tolerance, "channels first");
        CollectionAssert.AreEqual(expected, Map(Sparse(image), VectorLayout.Auto, 3, TinyNetwork.Side, TinyNetwork.Side));
        CollectionAssert.AreEqual(expected, Map(Dense(interleaved), layout, TinyNetwork.Side, TinyNetwork.Side, 3));
        CollectionAssert.AreEqual(expected, Map(Sparse(interleaved), layout, TinyNetwork.Side, TinyNetwork.Side, 3));
    }

    [TestMethod]
    public void Without_an_input_name_the_map_hides_the_image()
    {
        IDataView view = TinyNetwork.View(_context, 2);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        IDataView explained = _context.Transforms.AbsCam("Input", null, network).Fit(view).Transform(view);
        Explained.AreMapsOf([0, 1], explained.Maps("Input"));
    }

    private static VBuffer<float> Dense(float[] values) => new(values.Length, values);

    private static VBuffer<float> Sparse(float[] values)
    {
        int[] places = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != 0)];
        return new VBuffer<float>(values.Length, places.Length, [.. places.Select(i => values[i])], places);
    }

    private static BruteForceAbsCam.Result[] Expected() => [.. Enumerable.Range(0, 3).Select(row => BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row)))];

    private float[] Map(VBuffer<float> input, VectorLayout layout, params int[] dimensions)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BufferRow));
        schema[nameof(BufferRow.Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        IDataView view = _context.Data.LoadFromEnumerable([new BufferRow { Input = input }], schema);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return _context.Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Layout = layout }).Fit(view).Transform(view).Maps().Single();
    }

    private IDataView Explain(AbsCamOptions options, ImageNetwork? network = null)
        => Explained.Transformer(_context, options, network).Transform(TinyNetwork.View(_context, 3));

    private IDataView ExplainPhotos(PhotoRow[] rows, AbsCamOptions options)
    {
        IDataView view = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.AbsCam(Explained.Map, "Image", TinyNetwork.Rectified.Open(), options with { Preprocessing = Photos.Preprocessing }).Fit(view).Transform(view);
    }

    private sealed class BufferRow
    {
        public VBuffer<float> Input { get; set; }
    }
}
