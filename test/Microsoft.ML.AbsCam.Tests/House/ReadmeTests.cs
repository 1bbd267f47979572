using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

[TestClass]
public sealed partial class ReadmeTests
{
    [TestMethod]
    [DataRow("README.md")]
    [DataRow("docs/use/measures.md")]
    [DataRow("docs/operate/service.md")]
    [DataRow("docs/use/parquet.md")]
    public void Every_code_block_is_a_region_of_a_sample_that_compiles(string page)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, page));
        MatchCollection blocks = Block().Matches(text);
        Assert.AreEqual(text.Split("```csharp").Length - 1, blocks.Count, "each C# block names its sample in a comment above it");
        foreach (Match block in blocks)
        {
            string sample = File.ReadAllText(Path.Combine(Repository.Root, block.Groups["file"].Value));
            string region = block.Groups["region"].Value;
            Match found = Regex.Match(sample, $@"// <{region}>\n(?<code>.*?)\s*// </{region}>", RegexOptions.Singleline);
            Assert.IsTrue(found.Success, $"{block.Groups["file"].Value} has no region {region}");
            Assert.AreEqual(Unindent(found.Groups["code"].Value), Unindent(block.Groups["code"].Value), $"{page} and {block.Groups["file"].Value} differ");
        }
    }

    private static string Unindent(string code)
    {
        string[] lines = code.TrimEnd().Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Trim().Length == 0 ? "" : line[indent..]));
    }

    [GeneratedRegex(@"<!-- (?<file>\S+): (?<region>\w+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
