using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>
/// A line of a journal: its seal, the seal of the line before it, and what it says. The seal is a hash of the rest, and through the seal before
/// it of all that came before, so that a changed letter, a missing line and one in another's place are all told.
/// </summary>
/// <param name="Seal">Hexadecimal digits.</param>
/// <param name="Before">The seal of the line before; <see cref="First"/> where there is none.</param>
/// <param name="Text">What the line says.</param>
internal readonly record struct SealedLine(string Seal, string Before, string Text)
{
    /// <summary>What stands for the line before the first.</summary>
    public const string First = "0000000000000000";

    private static int Digits => First.Length;

    public static SealedLine Of(string before, string text) => new(SealOf(Encoding.UTF8.GetBytes($"{before} {text}")), before, text);

    /// <summary>Reads a line without its line feed.</summary>
    /// <returns>Null where it is not as it was written.</returns>
    public static SealedLine? Open(ReadOnlySpan<byte> line)
    {
        int text = 2 * (Digits + 1);
        if (line.Length < text || line[Digits] != ' ' || line[text - 1] != ' ')
        {
            return null;
        }

        string seal = Encoding.ASCII.GetString(line[..Digits]);
        return seal == SealOf(line[(Digits + 1)..])
            ? new SealedLine(seal, Encoding.ASCII.GetString(line[(Digits + 1)..(text - 1)]), Encoding.UTF8.GetString(line[text..]))
            : null;
    }

    /// <summary>The line with its line feed.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Seal} {Before} {Text}\n");

    private static string SealOf(ReadOnlySpan<byte> rest) => Convert.ToHexStringLower(SHA256.HashData(rest).AsSpan(0, Digits / 2));
}
