using System.Globalization;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>How outputs lie, as a baked file says it: a word, and sizes and yes or no (1 or 0) behind it.</summary>
internal static class LayoutText
{
    private const int Most = 1 << 26;

    /// <summary>Null for a vector of scores, of which nothing is said.</summary>
    public static string? Of(OutputLayout layout) => layout switch
    {
        OutputLayout.ClassMaps maps => Text("maps", maps.Count, maps.Height, maps.Width, Bit(maps.ClassesLast)),
        OutputLayout.Detections boxes => Text("boxes", boxes.Anchors, boxes.Count, Bit(boxes.AnchorsFirst), Bit(boxes.HasObjectness), Bit(boxes.Corners), Bit(boxes.OfOne)),
        _ => null,
    };

    /// <summary>What <see cref="Of"/> wrote; null where it is nothing of the kind.</summary>
    public static OutputLayout? Read(string text)
    {
        string[] parts = text.Split(' ');
        int[] numbers = [.. parts.Skip(1).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        OutputLayout? layout = (parts[0], numbers) switch
        {
            ("maps", [> 0 and var count, > 0 and var height, > 0 and var width, (0 or 1) and var last]) => new OutputLayout.ClassMaps(count, height, width, last == 1),
            ("boxes", [> 0 and var anchors, > 0 and var count, (0 or 1) and var first, (0 or 1) and var objectness, (0 or 1) and var corners, (0 or 1) and var ofOne])
                => new OutputLayout.Detections(anchors, count, first == 1, objectness == 1, corners == 1, ofOne == 1),
            _ => null,
        };
        return layout is not null && layout.Shape.Aggregate(1d, (product, size) => product * size) <= Most ? layout : null;
    }

    private static int Bit(bool isSo) => isSo ? 1 : 0;

    private static string Text(string word, params ReadOnlySpan<int> numbers) => $"{word} {string.Join(' ', numbers.ToArray().Select(number => number.ToString(CultureInfo.InvariantCulture)))}";
}
