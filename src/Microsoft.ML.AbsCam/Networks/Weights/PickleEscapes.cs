using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>Texts as protocol 0 writes them: in letters of Latin-1, others as a backslash and a code.</summary>
internal static class PickleEscapes
{
    /// <param name="text">The text between its quotes.</param>
    /// <param name="isBare">Whether only codes of Unicode are escaped, as where there are no quotes.</param>
    public static string Read(string text, bool isBare)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var read = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char code = i + 1 < text.Length ? text[i + 1] : '\0';
            int digits = code switch { 'u' => 4, 'U' => 8, 'x' when !isBare => 2, _ => 0 };
            if (text[i] != '\\' || (isBare && digits == 0))
            {
                read.Append(text[i]);
            }
            else if (digits > 0)
            {
                Append(read, text.AsSpan(i + 2), digits);
                i += 1 + digits;
            }
            else
            {
                read.Append(code switch { 'n' => '\n', 'r' => '\r', 't' => '\t', _ => code });
                i++;
            }
        }

        return read.ToString();
    }

    private static void Append(StringBuilder read, ReadOnlySpan<char> rest, int digits)
    {
        if (rest.Length < digits || !int.TryParse(rest[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int letter) || letter is < 0 or > 0x10FFFF)
        {
            throw new PickleException("has a text with a broken escape");
        }

        if (letter <= char.MaxValue)
        {
            read.Append((char)letter);
        }
        else
        {
            read.Append(char.ConvertFromUtf32(letter));
        }
    }
}
