using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>The page's files as text, without a browser.</summary>
[TestClass]
public sealed partial class PageFilesTests
{
    [TestMethod]
    public void They_name_no_other_host()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "samples", "service", "page"));
        Assert.IsNotEmpty(files);
        foreach (string file in files)
        {
            // A namespace is a name, not an address.
            string text = File.ReadAllText(file).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.IsFalse(Elsewhere().IsMatch(text), file);
        }
    }

    [GeneratedRegex("""https?:|(src|href)="//|url\(""")]
    private static partial Regex Elsewhere();
}
