using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>What ML.NET's own tests ask of every estimator.</summary>
[TestClass]
public sealed class ConformanceTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Vectors_conform()
        => Check(
            TinyNetwork.View(_context, 3), "Input",
            new AbsCamOptions { Columns = new() { Class = "Class", Probability = "Probability", Scores = "Scores", Status = "Status", Forwards = "Forwards" }, Labels = TinyNetwork.Labels });

    [TestMethod]
    public void Several_classes_a_row_conform()
        => Check(TinyNetwork.View(_context, 3), "Input", new AbsCamOptions { Target = SaliencyTarget.Top(2), Columns = new() { Class = "Class", Probability = "Probability", Status = "Status" } });

    [TestMethod]
    public void Classes_from_a_column_conform()
        => Check(TinyNetwork.View(_context, 3), "Input", new AbsCamOptions { Target = SaliencyTarget.Column("Target"), Columns = new() { Class = "Class" } });

    [TestMethod]
    public void Photos_conform()
        => Check(_context.Data.LoadFromEnumerable(Photos.Rows(3)), "Image", new AbsCamOptions { Preprocessing = Photos.Preprocessing, Columns = new() { Overlay = "Overlay", Scores = "Scores" } });

    private void Check(IDataView view, string input, AbsCamOptions options)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamEstimator estimator = _context.Transforms.AbsCam(Explained.Map, input, network, options);
        SchemaShape shape = estimator.GetOutputSchema(Explained.Shape(view.Schema));
        using AbsCamTransformer transformer = estimator.Fit(view);
        IDataView explained = transformer.Transform(view);
        AreEqual(shape, Explained.Shape(transformer.GetOutputSchema(view.Schema)));
        AreEqual(explained.Schema, transformer.GetOutputSchema(view.Schema));
        AreEqual(explained.Schema, transformer.GetRowToRowMapper(view.Schema).OutputSchema);

        using var file = new TemporaryFile(".zip");
        _context.Model.Save(transformer, view.Schema, file.Path);
        using var loaded = (AbsCamTransformer)_context.Model.Load(file.Path, out DataViewSchema inputSchema);
        AreEqual(Savable(view.Schema), Savable(inputSchema));
        IDataView again = loaded.Transform(view);
        AreEqual(explained.Schema, again.Schema);
        string[] values = Values(explained);
        CollectionAssert.AreEqual(values, Values(again));
        CollectionAssert.AreEqual(values, Values(explained), "a second reading");

        foreach (IDataView bad in (IDataView[])[
            _context.Transforms.DropColumns(input).Fit(view).Transform(view),
            _context.Transforms.CopyColumns(input, "Text").Fit(WithText(view)).Transform(WithText(view))])
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Explained.Shape(bad.Schema)));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(bad));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => transformer.Transform(bad));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => loaded.Transform(bad));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => loaded.GetRowToRowMapper(bad.Schema));
        }
    }

    // ML.NET has no way to write photos, and leaves their columns out of the schema that it saves.
    private static DataViewSchema Savable(DataViewSchema schema)
    {
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in schema.Where(column => column.Type is not ImageDataViewType))
        {
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        }

        return builder.ToSchema();
    }

    private IDataView WithText(IDataView view) => _context.Transforms.Conversion.ConvertType("Text", "Target", DataKind.String).Fit(view).Transform(view);

    private static void AreEqual(SchemaShape expected, SchemaShape actual)
        => CollectionAssert.AreEqual(Lines(expected), Lines(actual));

    private static string[] Lines(SchemaShape shape)
        => [.. shape.Select(column => $"{column.Name}: {column.Kind} {column.ItemType} {column.IsKey} {string.Join(",", column.Annotations.Select(annotation => annotation.Name))}").Order(StringComparer.Ordinal)];

    private static void AreEqual(DataViewSchema expected, DataViewSchema actual)
        => CollectionAssert.AreEqual(Lines(expected), Lines(actual));

    private static string[] Lines(DataViewSchema schema)
        => [.. schema.Select(column => $"{column.Index} {column.Name}: {column.Type} {column.IsHidden} {string.Join(",", column.Annotations.Schema.Select(annotation => annotation.Name))}")];

    // Every value of every column, as text that tells any two values apart.
    private static string[] Values(IDataView view)
        => [.. view.Preview().RowView.SelectMany(row => row.Values.Select(value => $"{value.Key}={Text(value.Value)}"))];

    private static string Text(object? value) => value switch
    {
        VBuffer<float> floats => Convert.ToHexString(MemoryMarshal.AsBytes(floats.DenseValues().ToArray().AsSpan())),
        VBuffer<uint> keys => string.Join(",", keys.DenseValues()),
        VBuffer<ReadOnlyMemory<char>> texts => string.Join(",", texts.DenseValues()),
        MLImage image => Convert.ToHexString(image.Pixels),
        _ => $"{value}",
    };
}
