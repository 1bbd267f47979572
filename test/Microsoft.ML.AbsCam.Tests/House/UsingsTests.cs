using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>The order of usings, which dotnet format mends and neither the build nor dotnet format whitespace checks.</summary>
[TestClass]
public sealed class UsingsTests
{
    [TestMethod]
    public void Usings_stand_in_order_in_every_file()
    {
        string[] wrong = [.. ((string[])["src", "test", "docs"]).SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Where(file => !AreInOrder(Head(File.ReadLines(Path.Combine(Repository.Root, file)))))];
        Assert.IsEmpty(wrong, $"dotnet format puts them in order: {string.Join(", ", wrong)}");
    }

    [TestMethod]
    [DataRow("using System;\nusing System.Text;\nusing A.B;\nusing A.B.C;\nusing A.Bc;\nusing static A.B;\nusing X = A.B;", true)]
    [DataRow("using A;\nusing System;", false)]
    [DataRow("using B;\nusing A;", false)]
    [DataRow("using static A.B;\nusing C;", false)]
    [DataRow("using X = A.B;\nusing static C.D;", false)]
    [DataRow("using A.Bc;\nusing A.B.C;", false)]
    public void System_comes_first_then_names_then_static_then_aliases(string text, bool expected) => Assert.AreEqual(expected, AreInOrder(text));

    // What follows a file's usings needs no reading.
    private static string Head(IEnumerable<string> lines) => string.Join('\n', lines.TakeWhile(line => line.Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("//", StringComparison.Ordinal)));

    private static bool AreInOrder(string text)
    {
        // A file without a name space may go on with statements, and "using var" is one of them.
        (int Rank, string Name)[] usings = [.. CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot().Usings.Select(line => (RankOf(line), line.Alias is { } alias ? alias.Name.Identifier.ValueText : line.Name!.ToString()))];
        return usings.Zip(usings.Skip(1)).All(pair => pair.First.Rank != pair.Second.Rank ? pair.First.Rank < pair.Second.Rank : Compare(pair.First.Name, pair.Second.Name) <= 0);
    }

    private static int RankOf(UsingDirectiveSyntax line) => line switch
    {
        { Alias: not null } => 3,
        { StaticKeyword.ValueText: "static" } => 2,
        _ => line.Name!.ToString() is "System" || line.Name.ToString().StartsWith("System.", StringComparison.Ordinal) ? 0 : 1,
    };

    /// <summary>Name by name: A.B.C comes before A.Bc.</summary>
    private static int Compare(string one, string other)
    {
        string[] left = one.Split('.'), right = other.Split('.');
        int different = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => !left[i].Equals(right[i], StringComparison.OrdinalIgnoreCase), -1);
        return different < 0 ? left.Length.CompareTo(right.Length) : string.Compare(left[different], right[different], StringComparison.OrdinalIgnoreCase);
    }
}
