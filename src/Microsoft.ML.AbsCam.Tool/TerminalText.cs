using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam.Tool;

/// <summary>Text as a terminal or a log may show it: names come from strangers, and could forge a line or command the terminal.</summary>
internal static class TerminalText
{
    /// <summary>Writes control characters, line separators, marks that turn the direction of writing, and halves of characters as \u001b and the like.</summary>
    public static string Escaped(string text)
    {
        if (!text.Any(IsDangerous))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                escaped.Append(text, i++, 2);
            }
            else if (IsDangerous(text[i]))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                escaped.Append(text[i]);
            }
        }

        return escaped.ToString();
    }

    private static bool IsDangerous(char letter) => char.GetUnicodeCategory(letter)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        || letter is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069' or '\u200e' or '\u200f' or '\u061c';
}
