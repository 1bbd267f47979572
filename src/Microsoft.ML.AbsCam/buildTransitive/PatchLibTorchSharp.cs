using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;

/// <summary>
/// Writes a copy of libLibTorchSharp.so that loads where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).
/// MSBuild compiles this file when a build needs it, so it stays within C# 7.3 and netstandard2.0.
/// </summary>
/// <remarks>
/// The library asks for the symbol version GLIBCXX_3.4.32 because of one symbol, ios_base_library_init, which only makes
/// sure that std::cout and its kin exist. ios_base::Init::Init() does that job in every older libstdc++, so the copy asks
/// for that one instead. Nothing else in the file changes, and the package cache is only read.
/// </remarks>
public sealed class PatchLibTorchSharp : Microsoft.Build.Utilities.Task
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";

    /// <summary>The file of the TorchSharp package.</summary>
    [Required]
    public string Source { get; set; }

    /// <summary>Where the copy goes. Only written where this host needs it.</summary>
    [Required]
    public string Destination { get; set; }

    /// <summary>The libstdc++.so.6 to judge by; empty looks for the host's.</summary>
    public string HostLibrary { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            string host = string.IsNullOrEmpty(HostLibrary) ? FindHostLibrary() : HostLibrary;
            if (host == null || IndexesOf(File.ReadAllBytes(host), NewVersion).Count > 0)
            {
                Log.LogMessage(MessageImportance.Low, "libLibTorchSharp.so is used as it is: " + (host ?? "no libstdc++.so.6 was found") + ".");
                File.Delete(Destination);
                return true;
            }

            byte[] patched = Patch(File.ReadAllBytes(Source));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));

            // Written aside and moved: the destination may be a hard link to a file that others share.
            string aside = Destination + ".new";
            File.WriteAllBytes(aside, patched);
            File.Delete(Destination);
            File.Move(aside, Destination);
            Log.LogMessage(MessageImportance.Normal, "libLibTorchSharp.so: wrote a copy that loads with the libstdc++ of this host (" + host + ").");
            return true;
        }
        catch (Exception e) when (e is IOException || e is InvalidDataException || e is UnauthorizedAccessException)
        {
            Log.LogError("Microsoft.ML.AbsCam could not make a copy of '" + Source + "' that loads on this host: " + e.Message
                + " Set the property AbsCamPatchLibTorchSharp to false to build without it; the program then needs a libstdc++ that has " + NewVersion + " (GCC 13).");
            return false;
        }
    }

    /// <summary>Returns a copy of the file's bytes with the one too new symbol exchanged.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the library that this change was made for.</exception>
    public static byte[] Patch(byte[] original)
    {
        byte[] copy = (byte[])original.Clone();
        Section strings = FindSection(copy, ".dynstr");
        Section versions = FindSection(copy, ".gnu.version_r");
        if (WholeStrings(copy, strings, NewSymbol).Count == 0 && WholeStrings(copy, strings, NewVersion).Count == 0)
        {
            throw new InvalidDataException("the file does not ask for " + NewVersion + ": it has already been patched, or is a version that needs no patch.");
        }

        int symbol = Single(WholeStrings(copy, strings, NewSymbol), "the symbol " + NewSymbol);
        int version = Single(WholeStrings(copy, strings, NewVersion), "the version name " + NewVersion);
        int hash = Single(WordsEqual(copy, versions, ElfHash(NewVersion)), "the hash of " + NewVersion);

        WriteString(copy, symbol, OldSymbol);
        WriteString(copy, version, OldVersion);
        BitConverter.GetBytes(ElfHash(OldVersion)).CopyTo(copy, hash);
        return copy;
    }

    /// <summary>The System V hash that ELF keeps beside each version name.</summary>
    public static uint ElfHash(string name)
    {
        uint h = 0;
        foreach (char c in name)
        {
            h = (h << 4) + c;
            uint high = h & 0xf0000000;
            h = (h ^ (high >> 24)) & ~high;
        }

        return h;
    }

    private static string FindHostLibrary()
    {
        foreach (string line in LoaderCache())
        {
            int arrow = line.IndexOf("=> ", StringComparison.Ordinal);
            if (arrow > 0 && line.TrimStart().StartsWith("libstdc++.so.6 ", StringComparison.Ordinal) && line.Contains("x86-64"))
            {
                return line.Substring(arrow + 3).Trim();
            }
        }

        foreach (string path in new[] { "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/lib64/libstdc++.so.6", "/usr/lib/libstdc++.so.6" })
        {
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private static IEnumerable<string> LoaderCache()
    {
        foreach (string program in new[] { "/sbin/ldconfig", "/usr/sbin/ldconfig" })
        {
            if (File.Exists(program))
            {
                var start = new ProcessStartInfo(program, "-p") { RedirectStandardOutput = true, UseShellExecute = false };
                using (Process process = Process.Start(start))
                {
                    string output = process.StandardOutput.ReadToEnd();
                    process.WaitForExit();
                    return output.Split('\n');
                }
            }
        }

        return new string[0];
    }

    private static Section FindSection(byte[] elf, string name)
    {
        bool isElf64 = elf.Length >= 64 && elf[0] == 0x7f && elf[1] == 'E' && elf[2] == 'L' && elf[3] == 'F' && elf[4] == 2 && elf[5] == 1;
        if (!isElf64)
        {
            throw new InvalidDataException("the file is not a 64-bit little-endian ELF library.");
        }

        long table = BitConverter.ToInt64(elf, 0x28);
        int entrySize = BitConverter.ToUInt16(elf, 0x3a);
        int count = BitConverter.ToUInt16(elf, 0x3c);
        int namesIndex = BitConverter.ToUInt16(elf, 0x3e);
        if (table <= 0 || entrySize < 64 || namesIndex >= count || table + (long)entrySize * count > elf.Length)
        {
            throw new InvalidDataException("the file's section table is damaged.");
        }

        Section names = ReadSection(elf, (int)table + namesIndex * entrySize);
        for (int i = 0; i < count; i++)
        {
            int header = (int)table + i * entrySize;
            long nameAt = names.Start + BitConverter.ToUInt32(elf, header);
            if (nameAt + name.Length < elf.Length && IsAt(elf, (int)nameAt, name) && elf[nameAt + name.Length] == 0)
            {
                return ReadSection(elf, header);
            }
        }

        throw new InvalidDataException("the file has no section " + name + ".");
    }

    private static Section ReadSection(byte[] elf, int header)
    {
        long start = BitConverter.ToInt64(elf, header + 0x18);
        long size = BitConverter.ToInt64(elf, header + 0x20);
        if (start < 0 || size < 0 || start > elf.Length || size > elf.Length - start)
        {
            throw new InvalidDataException("a section of the file lies outside it.");
        }

        return new Section((int)start, (int)size);
    }

    private static List<int> WholeStrings(byte[] elf, Section section, string text)
    {
        var found = new List<int>();
        for (int i = section.Start + 1; i + text.Length < section.End; i++)
        {
            if (elf[i - 1] == 0 && elf[i + text.Length] == 0 && IsAt(elf, i, text))
            {
                found.Add(i);
            }
        }

        return found;
    }

    private static List<int> WordsEqual(byte[] elf, Section section, uint word)
    {
        var found = new List<int>();
        for (int i = section.Start; i + 4 <= section.End; i += 4)
        {
            if (BitConverter.ToUInt32(elf, i) == word)
            {
                found.Add(i);
            }
        }

        return found;
    }

    private static List<int> IndexesOf(byte[] bytes, string text)
    {
        var found = new List<int>();
        for (int i = 0; i + text.Length <= bytes.Length; i++)
        {
            if (bytes[i] == (byte)text[0] && IsAt(bytes, i, text))
            {
                found.Add(i);
            }
        }

        return found;
    }

    private static int Single(List<int> places, string what)
    {
        if (places.Count != 1)
        {
            throw new InvalidDataException("expected exactly one occurrence of " + what + ", found " + places.Count + ".");
        }

        return places[0];
    }

    private static bool IsAt(byte[] bytes, int index, string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (bytes[index + i] != (byte)text[i])
            {
                return false;
            }
        }

        return true;
    }

    private static void WriteString(byte[] bytes, int index, string text)
    {
        Encoding.ASCII.GetBytes(text, 0, text.Length, bytes, index);
        bytes[index + text.Length] = 0;
    }

    private struct Section
    {
        public readonly int Start;
        public readonly int End;

        public Section(int start, int size)
        {
            Start = start;
            End = start + size;
        }
    }
}
