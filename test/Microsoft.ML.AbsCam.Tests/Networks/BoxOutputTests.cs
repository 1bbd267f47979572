using Microsoft.ML.AbsCam.Networks;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>What a list of numbers is that is not, or not only, boxes with a score for each class.</summary>
[TestClass]
public sealed class BoxOutputTests
{
    private const int Boxes = 12;

    [TestMethod]
    [DataRow(9, 40, DisplayName = "more letters than steps")]
    [DataRow(40, 9, DisplayName = "more steps than letters")]
    public void Letters_that_a_recogniser_reads_are_no_boxes(int steps, int letters)
    {
        float[] read = [.. Enumerable.Range(0, steps).SelectMany(step => Shares(letters, step))];
        StringAssert.Contains(WhyNot(steps, letters, read), "probabilities that add up to 1 along an axis");
        float[] turned = [.. Enumerable.Range(0, letters).SelectMany(letter => Enumerable.Range(0, steps).Select(step => read[(step * letters) + letter]))];
        StringAssert.Contains(WhyNot(letters, steps, turned), "as of the letters that a text recogniser reads");
    }

    [TestMethod]
    [DataRow(1, DisplayName = "one class")]
    [DataRow(2, DisplayName = "two classes")]
    [DataRow(80, DisplayName = "many classes")]
    public void Boxes_that_are_chosen_already_have_no_score_for_each_class(int classes)
    {
        float[] chosen = Rows(box => [10, 10, 20 + box, 30, 0.9f - (0.05f * box), box % classes]);
        StringAssert.Contains(WhyNot(Boxes, 6, chosen), "its boxes are chosen already: four sides, a score and the number of a class each");

        // An objectness and one class, as they come.
        float[] own = Rows(box => [10, 10, 20 + box, 30, 0.4f + (0.05f * (box % 3)), 0.3f + (0.01f * box)]);
        Assert.AreEqual((true, 1), BoxEvidence.Of(Boxes, 6, own, 64, 64, null).Layout is { } layout ? (layout.HasObjectness, layout.Count) : default);
    }

    [TestMethod]
    public void Numbers_behind_the_scores_of_classes_are_no_classes()
    {
        float[] masks = Rows(box => [10, 10, 20 + box, 30, 0.5f, 0.1f * (box % 5), -1.5f, 2 + box]);
        StringAssert.Contains(WhyNot(Boxes, 8, masks), "of the 4 numbers behind the four sides of a box the first 2 lie in 0 to 1, and others do not");
        StringAssert.Contains(WhyNot(Boxes, 8, masks, labels: 2), "there are names of 2 classes, and a box has 8 numbers: of the 4 numbers");
        float[] logits = Rows(box => [10, 10, 20 + box, 30, -3 + box, -0.1f * box]);
        Assert.AreEqual(ScoreKind.Logits, Evidence(Boxes, 6, logits, labels: 2).Kind);
    }

    [TestMethod]
    public void Shares_of_the_image_and_scores_of_their_own_begin_with_no_objectness()
    {
        float[] ofImage = Rows(box => [0.1f, 0.1f, 0.2f + (0.01f * box), 0.3f, 0.5f, 0.2f, 0.7f]);
        float[] pixels = Rows(box => [10, 10, 20 + box, 30, 0.5f, 0.2f, 0.7f]);
        Assert.AreEqual((false, 3), Read(ofImage, isPair: false));
        Assert.AreEqual((true, 2), Read(pixels, isPair: false));
        Assert.AreEqual((false, 3), Read(pixels, isPair: true));

        static (bool, int) Read(float[] values, bool isPair) => BoxEvidence.Of(Boxes, 7, values, 64, 64, null, isPair).Layout is { } layout ? (layout.HasObjectness, layout.Count) : default;
    }

    [TestMethod]
    public void Of_scores_that_add_up_to_1_one_stands_for_nothing_being_there()
    {
        float[] shares = Rows(box => [10, 10, 20 + box, 30, .. Shares(3, box)]);
        ScoreEvidence evidence = Evidence(Boxes, 7, shares, labels: null);
        Assert.AreEqual((ScoreKind.Probabilities, true), (evidence.Kind, evidence.HasNothing));
        StringAssert.Contains(WhyNot(Boxes, 7, shares, labels: 2), "so 3 scores: one of them stands for nothing being there. Give it a name too, 'background', at its place");
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(1, false)]
    [DataRow(2, true)]
    public void A_class_at_an_end_that_is_the_likeliest_everywhere_seems_to_stand_for_nothing(int likeliest, bool seems)
    {
        float[] logits = Rows(box => [0.1f, 0.1f, 0.2f, 0.3f, .. Enumerable.Range(0, 3).Select(c => c == likeliest ? 4f : -0.1f * (box + c))]);
        Assert.AreEqual((ScoreKind.Logits, seems), Evidence(Boxes, 7, logits, labels: null) is var evidence ? (evidence.Kind, evidence.HasNothing) : default);

        // Where each class stands for itself, nothing is found on an image of nothing.
        float[] below = Rows(box => [0.1f, 0.1f, 0.2f, 0.3f, .. Enumerable.Range(0, 3).Select(c => c == likeliest ? -2f : -5f - (0.1f * box))]);
        Assert.IsFalse(Evidence(Boxes, 7, below, labels: null).HasNothing);
    }

    private static ScoreEvidence Evidence(int rows, int columns, float[] values, int? labels)
    {
        (OutputLayout.Detections? layout, string? whyNot) = BoxEvidence.Of(rows, columns, values, 64, 64, labels);
        Assert.IsNotNull(layout, whyNot);
        return BoxEvidence.ScoresOf(layout, values);
    }

    private static string WhyNot(int rows, int columns, float[] values, int? labels = null)
    {
        (OutputLayout.Detections? layout, string? whyNot) = BoxEvidence.Of(rows, columns, values, 64, 64, labels);
        Assert.IsNull(layout);
        Assert.IsNotNull(whyNot);
        return whyNot;
    }

    private static float[] Rows(Func<int, float[]> box) => [.. Enumerable.Range(0, Boxes).SelectMany(box)];

    private static float[] Shares(int count, int seed)
    {
        double[] all = [.. Enumerable.Range(0, count).Select(i => Math.Exp(Math.Sin((3 * i) + seed)))];
        return [.. all.Select(one => (float)(one / all.Sum()))];
    }
}
