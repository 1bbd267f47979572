using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>
/// The table as lines of text, methods down and measures across. Where it is wider than the terminal, the measures go on in a second block of lines, so
/// that no number is broken.
/// </summary>
internal static class ConsoleTable
{
    private const string Gap = "  ";

    /// <param name="comparison">What was measured.</param>
    /// <param name="width">The columns that there are.</param>
    /// <param name="withIntervals">Whether each mean has its interval; null for where all of them fit in one block.</param>
    public static IEnumerable<string> Lines(Comparison comparison, int width, bool? withIntervals = null)
    {
        string[] methods = Aligned([.. comparison.Lines.Select(line => TerminalText.Escaped(line.Name)).Prepend("method")], isLeft: true);
        string[][][] blocks = Blocks(methods, Columns(comparison, withIntervals != false), width);
        if (withIntervals is null && blocks.Length > 1)
        {
            blocks = Blocks(methods, Columns(comparison, withIntervals: false), width);
        }

        foreach ((int number, string[][] block) in blocks.Index())
        {
            if (number > 0)
            {
                yield return "";
            }

            for (int line = 0; line < methods.Length; line++)
            {
                yield return new StringBuilder(methods[line]).AppendJoin("", block.Select(column => Gap + column[line])).ToString().TrimEnd();
            }
        }
    }

    /// <summary>As many columns a block as fit beside the methods; one at least.</summary>
    private static string[][][] Blocks(string[] methods, string[][] columns, int width)
    {
        var blocks = new List<List<string[]>>();
        int left = 0;
        foreach (string[] column in columns)
        {
            int needed = Gap.Length + column[0].Length;
            if (blocks.Count == 0 || needed > left)
            {
                blocks.Add([]);
                left = width - methods[0].Length;
            }

            blocks[^1].Add(column);
            left -= needed;
        }

        return [.. blocks.Select(block => block.ToArray())];
    }

    private static string[][] Columns(Comparison comparison, bool withIntervals)
    {
        IEnumerable<string[]> measures = comparison.Lines[0].Cells.Select((cell, i) => comparison.Lines
            .Select(line => withIntervals ? ComparisonText.Cell(line.Cells[i], " ") : ComparisonText.Mean(line.Cells[i]))
            .Prepend(ComparisonText.Heading(cell)).ToArray());
        return [.. measures.Append([.. comparison.Lines.Select(line => ComparisonText.Cost(line.MapForwards)).Prepend("forwards")]).Select(column => Aligned(column, isLeft: false))];
    }

    private static string[] Aligned(string[] texts, bool isLeft)
    {
        int width = texts.Max(text => text.Length);
        return [.. texts.Select(text => isLeft ? text.PadRight(width) : text.PadLeft(width))];
    }
}
