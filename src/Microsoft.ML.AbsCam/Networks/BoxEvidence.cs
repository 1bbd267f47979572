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
    /// <returns>The layout, or why the numbers are no boxes, as the end of a sentence.</returns>
    public static (OutputLayout.Detections? Layout, string? WhyNot) Of(int rows, int columns, ReadOnlySpan<float> values, int height, int width, int? labels)
    {
        bool anchorsFirst = columns == labels + Sides || columns == labels + Sides + 1 || (!(rows == labels + Sides || rows == labels + Sides + 1) && columns < rows);
        (int anchors, int length) = anchorsFirst ? (rows, columns) : (columns, rows);
        if (length <= Sides)
        {
            return (null, "boxes with scores have five numbers each or more");
        }

        // As the families of exports have it: those that write box after box write objectness too, unless names tell that it is a class.
        bool hasObjectness = labels is int named ? length == named + Sides + 1 : anchorsFirst && length > Sides + 1;
        if (labels is int count && length != count + Sides && length != count + Sides + 1)
        {
            return (null, $"there are names of {count} classes, and a box has {length} numbers");
        }

        float[] all = values.ToArray();
        double at(int anchor, int part) => all[anchorsFirst ? (anchor * length) + part : (part * anchors) + anchor];
        if (Array.Exists(all, value => !float.IsFinite(value)))
        {
            return (null, "some of its numbers are not finite");
        }

        bool corners = true;
        bool centres = true;
        double most = 0;
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            (double a, double b, double c, double d) = (at(anchor, 0), at(anchor, 1), at(anchor, 2), at(anchor, 3));
            corners &= c >= a && d >= b;
            centres &= c >= 0 && d >= 0;
            most = Math.Max(most, Math.Max(Math.Max(Math.Abs(a), Math.Abs(b)), Math.Max(Math.Abs(c), Math.Abs(d))));
        }

        bool ofOne = most <= 2;
        (double farX, double farY) = ofOne ? (1, 1) : (width, height);
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            (double x, double y) = corners ? ((at(anchor, 0) + at(anchor, 2)) / 2, (at(anchor, 1) + at(anchor, 3)) / 2) : (at(anchor, 0), at(anchor, 1));
            if ((!corners && !centres) || x < -Slack * farX || x > (1 + Slack) * farX || y < -Slack * farY || y > (1 + Slack) * farY)
            {
                return (null, "the first four numbers of some are no box in the image: neither corners nor a centre with width and height. Boxes that are offsets from anchors have to be decoded inside the file");
            }
        }

        return (new OutputLayout.Detections(anchors, length - (hasObjectness ? 5 : Sides), anchorsFirst, hasObjectness, corners, ofOne), null);
    }

    /// <summary>What the classes' scores of the boxes are: numbers from 0 to 1 are probabilities of each class's own, unless they add up to 1.</summary>
    public static ScoreEvidence ScoresOf(OutputLayout.Detections layout, ReadOnlySpan<float> values)
    {
        double[][] rows = new double[layout.Anchors][];
        for (int anchor = 0; anchor < rows.Length; anchor++)
        {
            rows[anchor] = new double[layout.Count];
            for (int c = 0; c < layout.Count; c++)
            {
                int part = layout.FirstClass + c;
                rows[anchor][c] = values[layout.AnchorsFirst ? (anchor * layout.Length) + part : (part * layout.Anchors) + anchor];
            }
        }

        ScoreRows scores = new(rows);
        return scores.Least >= 0 && scores.Greatest <= 1
            ? new ScoreEvidence(ScoreKind.OwnProbabilities, "The boxes' scores lie in 0 to 1 on a made-up image.")
            : new ScoreEvidence(ScoreKind.Logits, "The boxes' scores lie outside of 0 to 1 on a made-up image, so they are logits.");
    }
}
