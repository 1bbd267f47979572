using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>CONTRIBUTING's table "to add, touch" names the files that an addition touches.</summary>
[TestClass]
public sealed partial class ContributingTests
{
    private static readonly string[] Kinds = [".cs", ".md", ".sh", ".js"];

    [TestMethod]
    public void The_files_to_touch_are_those_that_name_the_example()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));
        (string Name, string Text)[] product = [.. Read("src"), .. Read("docs")];
        (string Name, string Text)[] tests = [.. Read("test")];
        MatchCollection rows = Row().Matches(page);
        Assert.IsNotEmpty(rows);
        foreach (Match row in rows)
        {
            string[] told = [.. Code().Matches(row.Groups["touch"].Value).Select(code => code.Groups["code"].Value).Where(name => Kinds.Contains(Path.GetExtension(name)))];
            string[] examples = [.. Code().Matches(row.Groups["example"].Value).Select(code => code.Groups["code"].Value.Trim())];
            string[] own = [.. product.Where(file => examples.Any(example => IsNamed(file.Text, example))).Select(file => file.Name).Distinct()];
            string[] checks = [.. tests.Where(file => examples.Any(example => IsNamed(file.Text, example))).Select(file => file.Name).Distinct()];
            CollectionAssert.AreEquivalent(own, told.Except(checks).ToArray(), $"{row.Groups["what"].Value}: {string.Join(", ", own)}");
            Assert.IsNotEmpty(told.Intersect(checks), $"{row.Groups["what"].Value} names a test of its example; there are {string.Join(", ", checks)}");
        }
    }

    [TestMethod]
    public void Every_file_that_the_page_names_exists()
    {
        string[] names = [.. Read("src", "docs", "test").Select(file => file.Name)];
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"))))
        {
            foreach (string name in Code().Matches(row.Groups["touch"].Value).Select(code => code.Groups["code"].Value).Where(name => Kinds.Contains(Path.GetExtension(name))))
            {
                CollectionAssert.Contains(names, name);
            }
        }
    }

    private static bool IsNamed(string text, string example) => Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(example)}(?![\w-])");

    /// <returns>The names and texts of the files below these folders; decision records and what is built are no part of them.</returns>
    private static IEnumerable<(string Name, string Text)> Read(params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Kinds.Contains(Path.GetExtension(file)) && !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "decisions"))
            .Select(file => (Path.GetFileName(file), File.ReadAllText(file)));

    [GeneratedRegex(@"^\| (?<what>an? [^|]+) \| (?<touch>[^|]+) \| (?<example>[^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>.+?)\k<ticks>")]
    private static partial Regex Code();
}
