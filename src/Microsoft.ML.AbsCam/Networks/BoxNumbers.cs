namespace Microsoft.ML.AbsCam.Networks;

/// <summary>The numbers of an output of two axes, box by box, and what they give away.</summary>
/// <param name="values">The numbers, row by row.</param>
/// <param name="anchors">How many boxes.</param>
/// <param name="length">How many numbers a box has.</param>
/// <param name="anchorsFirst">Whether a box's numbers follow each other.</param>
internal sealed class BoxNumbers(float[] values, int anchors, int length, bool anchorsFirst)
{
    private const int Sides = 4;

    // Of a sum of as many float32 as there are classes.
    private const double SumRounding = 1e-3;

    // Fewer boxes may have such numbers by chance.
    private const int LeastBoxes = 8;

    // A class that is the likeliest in so many boxes of a made-up image is hardly one that is there.
    private const double NearlyAll = 0.9;

    public bool AreFinite => Array.TrueForAll(values, float.IsFinite);

    public double this[int anchor, int part] => values[anchorsFirst ? (anchor * length) + part : (part * anchors) + anchor];

    /// <summary>Why these are other things than boxes with the scores of all classes, as the end of a sentence; null where nothing says so.</summary>
    public string? WhyNoBoxes()
    {
        // Of boxes, every line mixes sides and scores, whose sum would be 1 by no design.
        if (Rows().All(AddsUpToOne) || Columns().All(AddsUpToOne))
        {
            return "its numbers are probabilities that add up to 1 along an axis, as of the letters that a text recogniser reads one after the other, and no boxes. Of such a network one step can be asked about: take that step's scores out of the output in the file (Gather along the axis of steps), so that it is [batch, classes]";
        }

        // Corners, a score, and the number of a class: the best first, as a choice of boxes leaves them.
        return anchorsFirst && length == Sides + 2 && anchors > 1
            && Enumerable.Range(0, anchors).All(anchor => this[anchor, 5] >= 0 && Math.Floor(this[anchor, 5]).Equals(this[anchor, 5]) && this[anchor, 4] is >= 0 and <= 1)
            && Enumerable.Range(1, anchors - 1).All(anchor => this[anchor, 4] <= this[anchor - 1, 4])
            ? "its boxes are chosen already: four sides, a score and the number of a class each, the best first. Behind that choice no class but the chosen has a score. Name the value inside the file that holds all boxes with the scores of all classes before the choice, or export the model without the choice of boxes (end-to-end head, NMS)"
            : null;
    }

    /// <summary>Why not all numbers behind the sides are classes' scores, as the end of a sentence; null where they may be.</summary>
    public string? Mixed()
    {
        int scores = Enumerable.Range(Sides, length - Sides).TakeWhile(AreShares).Count();
        return anchors >= LeastBoxes && scores > 0 && scores < length - Sides
            ? $"of the {length - Sides} numbers behind the four sides of a box the first {(scores == 1 ? "lies" : $"{scores} lie")} in 0 to 1, and others do not, so these are no scores of classes but something else, as coefficients of masks, key points or an angle. Name the value inside the file that holds the sides and the scores alone"
            : null;
    }

    /// <summary>Whether all numbers from this one of a box on lie in 0 to 1.</summary>
    public bool AreSharesFrom(int part) => Enumerable.Range(part, length - part).All(AreShares);

    /// <summary>Whether the numbers from this one of a box on add up to 1 in each box, as those of which one is true.</summary>
    public bool AddUpFrom(int part) =>
        length - part > 1 && AreSharesFrom(part) && Enumerable.Range(0, anchors).All(anchor => AddsUpToOne(Enumerable.Range(part, length - part).Select(at => this[anchor, at])));

    /// <summary>Whether the first or the last of several classes is by far the likeliest in nearly all boxes, as what stands for nothing being there is.</summary>
    public bool IsOneClassEverywhere(int firstClass)
    {
        int classes = length - firstClass;
        if (classes < 3 || anchors < LeastBoxes)
        {
            return false;
        }

        int[] winners = [.. Enumerable.Range(0, anchors).Select(anchor => Enumerable.Range(0, classes).MaxBy(c => this[anchor, firstClass + c]))];
        return new[] { 0, classes - 1 }.Any(c => winners.Count(winner => winner == c) >= NearlyAll * anchors
            && Enumerable.Range(0, anchors).Count(anchor => this[anchor, firstClass + c] > 0) >= NearlyAll * anchors);
    }

    private static bool AddsUpToOne(IEnumerable<double> numbers)
    {
        double sum = 0;
        int count = 0;
        foreach (double number in numbers)
        {
            if (number < 0)
            {
                return false;
            }

            sum += number;
            count++;
        }

        return count > 1 && Math.Abs(sum - 1) <= SumRounding;
    }

    private bool AreShares(int part) => Enumerable.Range(0, anchors).All(anchor => this[anchor, part] is >= 0 and <= 1);

    private IEnumerable<IEnumerable<double>> Rows() => Enumerable.Range(0, anchors).Select(anchor => Enumerable.Range(0, length).Select(part => this[anchor, part]));

    private IEnumerable<IEnumerable<double>> Columns() => Enumerable.Range(0, length).Select(part => Enumerable.Range(0, anchors).Select(anchor => this[anchor, part]));
}
