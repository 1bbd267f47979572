namespace Microsoft.ML.AbsCam.Tests.Tool.Journal;

/// <summary>What disks, editors and people do to a journal: one damage, drawn at random.</summary>
internal static class JournalDamage
{
    private const byte LineFeed = (byte)'\n';

    private static readonly (string Name, Func<byte[], Random, byte[]> Do)[] Kinds =
    [
        ("a letter", (bytes, random) => Replaced(bytes, random, b => char.IsAsciiLetter((char)b), b => (byte)((b & 0x20) + 'A' + ((b - (b & 0x20) - 'A' + 1 + random.Next(25)) % 26)))),
        ("a digit", (bytes, random) => Replaced(bytes, random, b => char.IsAsciiDigit((char)b), b => (byte)('0' + ((b - '0' + 1 + random.Next(9)) % 10)))),
        ("a bit", (bytes, random) => Replaced(bytes, random, _ => true, b => (byte)(b ^ (1 << random.Next(8))))),
        ("a cut", (bytes, random) => random.Next(bytes.Length) is var from ? [.. bytes[..from], .. bytes[random.Next(from, bytes.Length + 1)..]] : bytes),
        ("an end cut off", (bytes, random) => bytes[..random.Next(bytes.Length)]),
        ("zeros", (bytes, random) => random.Next(bytes.Length) is var from ? [.. bytes[..from], .. new byte[Math.Min(40, bytes.Length - from)], .. bytes[Math.Min(bytes.Length, from + 40)..]] : bytes),
        ("letters more", (bytes, random) => random.Next(bytes.Length) is var at ? [.. bytes[..at], .. "7\n"u8[..random.Next(1, 3)], .. bytes[at..]] : bytes),
        ("a line doubled", (bytes, random) => OfLines(bytes, lines => lines.Insert(random.Next(lines.Count + 1), lines[random.Next(lines.Count)]))),
        ("a line gone", (bytes, random) => OfLines(bytes, lines => lines.RemoveAt(random.Next(lines.Count)))),
        ("two lines swapped", (bytes, random) => OfLines(bytes, lines =>
        {
            (int one, int other) = (random.Next(lines.Count), random.Next(lines.Count));
            (lines[one], lines[other]) = (lines[other], lines[one]);
        })),
    ];

    /// <returns>What was done, and what became of the bytes; now and then they stay as they were, where two like lines are swapped.</returns>
    public static (string Kind, byte[] Bytes) Draw(byte[] journal, Random random)
    {
        (string name, Func<byte[], Random, byte[]> damage) = Kinds[random.Next(Kinds.Length)];
        return (name, damage(journal, random));
    }

    private static byte[] Replaced(byte[] bytes, Random random, Predicate<byte> isMeant, Func<byte, byte> replace)
    {
        int place = random.Next(bytes.Length);
        while (!isMeant(bytes[place]))
        {
            place = (place + 1) % bytes.Length;
        }

        byte[] damaged = [.. bytes];
        damaged[place] = replace(bytes[place]);
        return damaged;
    }

    private static byte[] OfLines(byte[] bytes, Action<List<byte[]>> change)
    {
        var lines = new List<byte[]>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = Array.IndexOf(bytes, LineFeed, start) + 1;
            lines.Add(bytes[start..end]);
            start = end;
        }

        change(lines);
        return [.. lines.SelectMany(line => line)];
    }
}
