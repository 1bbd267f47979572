using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Appended columns say of themselves what ML.NET's own scorers say of theirs.</summary>
[TestClass]
public sealed class ColumnAnnotationTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Scores_are_a_set_of_their_own_and_say_what_they_are()
    {
        IDataView once = Explain(TinyNetwork.View(_context, 1), "Once");
        Assert.AreEqual("MulticlassClassification", Text(once.Schema["Once scores"], "ScoreColumnKind"));
        Assert.AreEqual("Score", Text(once.Schema["Once scores"], "ScoreValueKind"));
        Assert.AreEqual(1u, Value<uint>(once.Schema["Once scores"], "ScoreColumnSetId"));
        IDataView twice = Explain(once, "Twice");
        Assert.AreEqual(2u, Value<uint>(twice.Schema["Twice scores"], "ScoreColumnSetId"));
    }

    [TestMethod]
    public void ML_NETs_evaluator_takes_the_scores_and_the_class_for_a_classifiers()
    {
        VectorRow[] rows = TinyNetwork.Rows(5);
        IDataView explained = Explain(TinyNetwork.View(_context, rows), "A");
        uint[] predicted = [.. explained.GetColumn<uint>("A class")];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row].Target = (int)predicted[row] - 1;
        }

        IDataView labelled = _context.Transforms.Conversion.MapValueToKey("Label", nameof(VectorRow.Target), keyData: _context.Data.LoadFromEnumerable(Enumerable.Range(0, TinyNetwork.Classes).Select(target => new TargetRow { Target = target })))
            .Fit(explained).Transform(explained);
        Assert.AreEqual(1, _context.MulticlassClassification.Evaluate(labelled, "Label", "A scores", "A class").MicroAccuracy);
    }

    [TestMethod]
    [DataRow(ScoreRule.Auto, true)]
    [DataRow(ScoreRule.None, false)]
    public void Maps_and_probabilities_are_normalised_and_plain_scores_are_not(ScoreRule rule, bool areProbabilities)
    {
        DataViewSchema schema = Explain(TinyNetwork.View(_context, 1), "A", rule).Schema;
        Assert.IsTrue(schema["A"].IsNormalized());
        Assert.AreEqual(areProbabilities, schema["A probability"].IsNormalized());
        Assert.AreEqual(areProbabilities, schema["A scores"].IsNormalized());
        Assert.AreEqual(areProbabilities ? "MulticlassClassification" : "MultiOutputRegression", Text(schema["A scores"], "ScoreColumnKind"));
    }

    private IDataView Explain(IDataView data, string name, ScoreRule rule = ScoreRule.Auto)
    {
        var options = new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, ScoreRule = rule, Columns = new() { Scores = $"{name} scores", Probability = $"{name} probability", Class = $"{name} class" } };
        return _context.Transforms.AbsCam(name, nameof(VectorRow.Input), TinyNetwork.Rectified.Open(), options).Fit(data).Transform(data);
    }

    private sealed class TargetRow
    {
        public int Target { get; set; }
    }

    private static string Text(DataViewSchema.Column column, string annotation) => Value<ReadOnlyMemory<char>>(column, annotation).ToString();

    private static T Value<T>(DataViewSchema.Column column, string annotation)
    {
        T value = default!;
        column.Annotations.GetValue(annotation, ref value);
        return value;
    }
}
