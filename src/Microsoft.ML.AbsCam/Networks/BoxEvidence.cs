namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Tells by its numbers whether an output of two axes holds boxes with scores, and how a box is written.</summary>
internal static class BoxEvidence
{
    private const int Sides = 4;

    // Of the input: how far over its border a box's centre may lie.
    private const double Slack = 0.25;

    /// <summary>What the numbers of one image are.</summary>
    /// <param name="rows">The first axis.</param>
    /// <param name="columns">The second axis.</param>
    /// <param name="values">The numbers, row by row.</param>
    /// <param name="height">The input's height in pixels.</param>
    /// <param name="width">The input's width in pixels.</param>
    /// <param name="labels">How many classes have names; null where they have none.</param>
    /// <param name="isPair">Whether boxes and scores were outputs of their own, so that scores follow the sides at once.</param>
    /// <returns>The layout, or why the numbers are no boxes, as the end of a sentence.</returns>
    public static (OutputLayout.Detections? Layout, string? WhyNot) Of(int rows, int columns, ReadOnlySpan<float> values, int height, int width, int? labels, bool isPair = false)
    {
        bool anchorsFirst = columns == labels + Sides || columns == labels + Sides + 1 || (!(rows == labels + Sides || rows == labels + Sides + 1) && columns < rows);
        (int anchors, int length) = anchorsFirst ? (rows, columns) : (columns, rows);
        if (length <= Sides)
        {
            return (null, "boxes with scores have five numbers each or more");
        }

        BoxNumbers numbers = new(values.ToArray(), anchors, length, anchorsFirst);
        if (!numbers.AreFinite)
        {
            return (null, "some of its numbers are not finite");
        }

        if (numbers.WhyNoBoxes() is string whyNot)
        {
            return (null, whyNot);
        }

        // Behind four sides, shares that add up to 1 are classes' alone, and begin with no objectness.
        bool areShares = numbers.AddUpFrom(Sides);
        if (labels is int count && length != count + Sides && (length != count + Sides + 1 || isPair || areShares))
        {
            return (null, $"there are names of {count} classes, and a box has {length} numbers{(length == count + Sides + 1 ? $", so {count + 1} scores: one of them stands for nothing being there. Give it a name too, 'background', at its place" : numbers.Mixed() is string mixed ? $": {mixed}" : "")}");
        }

        if (labels is null && numbers.Mixed() is string others)
        {
            return (null, others);
        }

        bool corners = true;
        bool centres = true;
        double most = 0;
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            (double a, double b, double c, double d) = (numbers[anchor, 0], numbers[anchor, 1], numbers[anchor, 2], numbers[anchor, 3]);
            corners &= c >= a && d >= b;
            centres &= c >= 0 && d >= 0;
            most = Math.Max(most, Math.Max(Math.Max(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(c), Math.Abs(d))));
        }

        bool ofOne = most <= 2;
        (double farX, double farY) = ofOne ? (1, 1) : (width, height);
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            (double x, double y) = corners ? ((numbers[anchor, 0] + numbers[anchor, 2]) / 2, (numbers[anchor, 1] + numbers[anchor, 3]) / 2) : (numbers[anchor, 0], numbers[anchor, 1]);
            if ((!corners && !centres) || x < -Slack * farX || x > (1 + Slack) * farX || y < -Slack * farY || y > (1 + Slack) * farY)
            {
                return (null, "the first four numbers of some are no box in the image: neither corners nor a centre with width and height. Boxes that are offsets from anchors have to be decoded inside the file");
            }
        }

        // As the families of exports have it: those that write box after box in pixels write objectness too, unless names tell that it is a class; those
        // that write shares of the image, as detectors of queries do, write none.
        bool hasObjectness = !isPair && !areShares && (labels is int named ? length == named + Sides + 1 : anchorsFirst && !ofOne && length > Sides + 1);
        return (new OutputLayout.Detections(anchors, length - (hasObjectness ? 5 : Sides), anchorsFirst, hasObjectness, corners, ofOne), null);
    }

    /// <summary>
    /// What the classes' scores of the boxes are: numbers from 0 to 1 are probabilities, of each class's own unless they add up to 1. Where one of several classes has to
    /// stand for nothing being there, or seems to, the evidence says so.
    /// </summary>
    public static ScoreEvidence ScoresOf(OutputLayout.Detections layout, ReadOnlySpan<float> values)
    {
        BoxNumbers numbers = new(values.ToArray(), layout.Anchors, layout.Length, layout.AnchorsFirst);
        if (!layout.HasObjectness && numbers.AddUpFrom(layout.FirstClass))
        {
            return new ScoreEvidence(ScoreKind.Probabilities, "The scores of each box add up to 1 on a made-up image.") { HasNothing = true };
        }

        return numbers.AreSharesFrom(layout.FirstClass)
            ? new ScoreEvidence(ScoreKind.OwnProbabilities, "The boxes' scores lie in 0 to 1 on a made-up image.")
            : new ScoreEvidence(ScoreKind.Logits, "The boxes' scores lie outside of 0 to 1 on a made-up image, so they are logits.") { HasNothing = !layout.HasObjectness && numbers.IsOneClassEverywhere(layout.FirstClass) };
    }
}
