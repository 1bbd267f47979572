namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>Pairs the pictures of two explained data sets and tells what changed.</summary>
internal static class Differ
{
    // Finer than most layers; beside the rows, memory is rows times these.
    private const int MostCells = 14;

    /// <exception cref="ArgumentException">There is no picture in both, or one twice.</exception>
    public static AuditReport Run(IDataView first, IDataView second, DiffOptions options)
    {
        PictureReader one = new(first, "first", options);
        PictureReader other = new(second, "second", options);
        (int height, int width) = (Math.Min(MostCells, Math.Min(one.Frame.Height, other.Frame.Height)), Math.Min(MostCells, Math.Min(one.Frame.Width, other.Frame.Width)));
        var unused = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, ExplainedPicture> pictures = one.Read(height, width);
        Dictionary<string, ExplainedPicture> others = other.Read(height, width);
        PicturePair[] both = [.. pictures.Values.Where(picture => others.ContainsKey(picture.Name)).Select(picture => new PicturePair(picture, others[picture.Name])).OrderBy(pair => pair.First.Name, StringComparer.Ordinal)];
        PicturePair[] pairs = [.. both.Where(pair => pair.First.HasAnswer && pair.Second.HasAnswer)];
        if (pairs.Length == 0)
        {
            string why = both.Length > 0 ? $" with a class and a probability, such as '{both[0].First.Name}'" : pictures.Count > 0 && others.Count > 0 ? $": the first has '{pictures.Keys.First()}', the second '{others.Keys.First()}'" : "";
            throw new ArgumentException($"The two data sets have no picture in common{why}. Pictures are known by their names in the column '{options.NameColumn}'.");
        }

        Count("this picture is in the first alone", pictures.Count - both.Length);
        Count("this picture is in the second alone", others.Count - both.Length);
        Count("one of the two gives no class or no probability", both.Length - pairs.Length);
        List<string> tested = [];
        AuditFinding[] findings = [.. new AnswerChanges(pairs, options).Find(tested), .. new PlaceChanges(pairs, (height, width), other.Frame, options).Find(tested), .. new ReasonChanges(pairs, options).Find(tested)];
        return new AuditReport(pairs.Length, unused, findings, tested, isOfPairs: true);

        void Count(string reason, int count)
        {
            if (count > 0)
            {
                unused[reason] = count;
            }
        }
    }
}
