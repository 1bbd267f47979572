using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>Breaks a sentence between words.</summary>
internal static class WrappedText
{
    /// <param name="text">The sentence.</param>
    /// <param name="width">The most letters a line; a longer word has a line of its own.</param>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
