using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Which class a key, or a score vector, asks for: names go by the network's labels, never by the order in which data came along.</summary>
[TestClass]
public sealed class TargetNamesTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_keys_texts_are_found_among_the_labels_and_refused_without()
    {
        IDataView view = Keys(["ship", "cat", "frog"]);
        CollectionAssert.AreEqual((int[])[2, 0, 4], Classes(view, "Key", TinyNetwork.Labels));
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Classes(view, "Key", null)).Message;
        StringAssert.StartsWith(message, "Schema mismatch for target column 'Key': expected values that are the network's classes by number, or the option Labels");
        StringAssert.Contains(message, "names such as 'ship'");
        CollectionAssert.AreEqual((int[])[2, -1], Classes(Keys(["ship", "boat"]), "Key", TinyNetwork.Labels), "a boat is none of the classes");
    }

    [TestMethod]
    public void A_keys_numbers_are_classes_and_not_its_positions()
    {
        CollectionAssert.AreEqual((int[])[3, 1, 3], Classes(Keys(["3", "1", "3"]), "Key", null), "texts of numbers");
        IDataView rows = TinyNetwork.View(_context, TinyNetwork.Rows(3).Reverse());
        IDataView numbers = _context.Transforms.Conversion.MapValueToKey("Key", "Target").Fit(rows).Transform(rows);
        CollectionAssert.AreEqual((int[])[2, 1, 0], Classes(numbers, "Key", null), "numbers");
    }

    [TestMethod]
    public void A_score_vector_asks_for_its_highest_entry()
    {
        IDataView view = Scores([0.1f, 0.2f, 0.1f, 0.5f, 0.1f], [9, 0, 0, 0, 9], [0, float.NaN, 0, 0, 0]);
        CollectionAssert.AreEqual(new[] { 3, 0, -1 }, Classes(view, "Scores", TinyNetwork.Labels));
        CollectionAssert.AreEqual(new[] { 3, 0, -1 }, Classes(view, "Scores", null));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Classes(Scores([1, 2, 3]), "Scores", null)).Message, "and the network scores 5 classes");
    }

    [TestMethod]
    public void A_single_score_has_no_highest_entry()
    {
        ArgumentOutOfRangeException e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Classes(Scores([1f]), "Scores", null));
        StringAssert.Contains(e.Message, "one score is always the highest");
    }

    [TestMethod]
    public void A_name_of_two_classes_is_refused_as_an_option_and_is_none_in_a_column()
    {
        string[] twice = ["crane", "cat", "crane", "dog", "frog"];
        CollectionAssert.AreEqual((int[])[1, -1], Classes(Keys(["cat", "crane"]), "Key", twice));
        AbsCamOptions options = new() { Target = SaliencyTarget.Class("crane"), Labels = twice };
        string message = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.AbsCam("Map", "Input", TinyNetwork.Rectified.Open(), options)).Message;
        StringAssert.Contains(message, "'crane' is that of 2 classes, 0 and 2");
    }

    [TestMethod]
    public void Scores_of_another_network_in_the_same_pipeline_are_a_target()
    {
        IDataView rows = TinyNetwork.View(_context, 4);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamOptions options = new() { Columns = new() { Scores = "Probabilities", Class = "Predicted" }, Labels = [.. TinyNetwork.Labels.Reverse()] };
        IDataView scored = _context.Transforms.AbsCam("Map", "Input", network, options).Fit(rows).Transform(rows);

        // The slots' names say which class is which, and here they say that it is the other way round.
        int[] predicted = [.. scored.GetColumn<uint>("Predicted").Select(key => (int)key - 1)];
        CollectionAssert.AreEqual(predicted.Select(place => 4 - place).ToArray(), Classes(scored, "Probabilities", TinyNetwork.Labels));
    }

    private int[] Classes(IDataView view, string column, string[]? labels)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamOptions options = new() { Target = SaliencyTarget.Column(column), Labels = labels, Columns = new() { Class = "Class", Status = "Status" }, Method = SaliencyMethod.AbsCamInitial };
        IDataView explained = _context.Transforms.AbsCam(Explained.Map, "Input", network, options).Fit(view).Transform(view);
        return [.. explained.GetColumn<uint>("Class").Select(key => (int)key - 1)];
    }

    private IDataView Keys(string[] names)
    {
        VectorRow[] rows = [.. names.Select((name, i) => new VectorRow { Name = name, Input = TinyNetwork.Image(i) })];
        IDataView view = TinyNetwork.View(_context, rows);
        return _context.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(view).Transform(view);
    }

    private IDataView Scores(params float[][] scores)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(ScoredRow));
        schema[nameof(ScoredRow.Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, TinyNetwork.Side, TinyNetwork.Side);
        schema[nameof(ScoredRow.Scores)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, scores[0].Length);
        return _context.Data.LoadFromEnumerable(scores.Select((row, i) => new ScoredRow { Input = TinyNetwork.Image(i), Scores = row }).ToArray(), schema);
    }

    private sealed class ScoredRow
    {
        public float[] Input { get; set; } = [];

        public float[] Scores { get; set; } = [];
    }
}
