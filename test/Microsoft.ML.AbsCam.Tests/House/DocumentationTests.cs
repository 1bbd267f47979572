using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>The pages stand on their shelves, and their links lead somewhere.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    private static readonly string[] Shelves = ["use", "understand", "operate", "contribute"];

    [TestMethod]
    public void Every_relative_link_leads_to_a_file_and_to_a_heading_in_it()
    {
        var broken = new List<string>();
        int anchors = 0;
        foreach (string page in Repository.Pages())
        {
            foreach (Match link in Link().Matches(WithoutCode(File.ReadAllText(page))))
            {
                string path = link.Groups["path"].Value;
                string target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
                string anchor = link.Groups["anchor"].Value;
                anchors += anchor.Length > 0 ? 1 : 0;
                if (!Path.Exists(target) || (anchor.Length > 0 && !Anchors(File.ReadAllText(target)).Contains(anchor)))
                {
                    broken.Add($"{Path.GetRelativePath(Repository.Root, page)}: {link.Value}");
                }
            }
        }

        Assert.IsEmpty(broken, string.Join('\n', broken));
        Assert.IsGreaterThan(9, anchors, "links to headings were looked at");
    }

    [TestMethod]
    public void A_headings_anchor_is_the_one_that_repositories_show()
    {
        string[] anchors = [.. Anchors("# What is computed, and what is not\n```\n# a comment\n```\n## `ReadyToRun` for the tool\n## Rows\n## Rows\n## ONNX / TorchSharp: a_b\n")];
        CollectionAssert.AreEqual((string[])["what-is-computed-and-what-is-not", "readytorun-for-the-tool", "rows", "rows-1", "onnx--torchsharp-a_b"], anchors);
    }

    [TestMethod]
    public void Every_page_stands_on_a_shelf_and_in_the_index()
    {
        string docs = Path.Combine(Repository.Root, "docs");
        string index = File.ReadAllText(Path.Combine(docs, "README.md"));
        CollectionAssert.AreEqual((string[])["README.md"], Directory.GetFiles(docs, "*.md").Select(Path.GetFileName).ToArray(), "pages stand on the shelves");
        foreach (string shelf in Shelves)
        {
            foreach (string page in Directory.GetFiles(Path.Combine(docs, shelf), "*.md"))
            {
                Assert.HasCount(2, index.Split($"]({shelf}/{Path.GetFileName(page)})"), $"docs/README.md names {shelf}/{Path.GetFileName(page)} once");
            }
        }
    }

    [TestMethod]
    public void Every_decision_has_a_number_of_its_own_and_stands_in_the_list()
    {
        string folder = Path.Combine(Repository.Root, "docs", "contribute", "decisions");
        string list = File.ReadAllText(Path.Combine(folder, "README.md"));
        string[] records = [.. Directory.GetFiles(folder, "0*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        for (int i = 0; i < records.Length; i++)
        {
            string number = $"{i + 1:0000}";
            StringAssert.StartsWith(records[i], $"{number}-");
            StringAssert.StartsWith(File.ReadAllText(Path.Combine(folder, records[i])), $"# {number}: ");
            StringAssert.Contains(list, $"| [{number}]({records[i]}) | ");
        }

        Assert.IsNotEmpty(records);
    }

    /// <returns>The anchors of a page's headings: small letters, hyphens for blanks, no other punctuation, a number for one that was there before.</returns>
    private static List<string> Anchors(string text)
    {
        var anchors = new List<string>();
        foreach (Match heading in Heading().Matches(WithoutCode(text)))
        {
            string anchor = NotInAnchors().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            int before = anchors.Count(other => other == anchor || Regex.IsMatch(other, $@"^{Regex.Escape(anchor)}-\d+$"));
            anchors.Add(before == 0 ? anchor : $"{anchor}-{before}");
        }

        return anchors;
    }

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\((?![a-z]+:)(?<path>[^)#\s]*)(#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}\s_-]")]
    private static partial Regex NotInAnchors();
}
