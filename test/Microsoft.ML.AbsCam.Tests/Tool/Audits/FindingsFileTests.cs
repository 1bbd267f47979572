using System.Text.Json;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Tool.Audits;

/// <summary>What files and pages hold of findings that differ from picture to picture, or have no control.</summary>
[TestClass]
public sealed class FindingsFileTests
{
    private static readonly AuditRegion Corner = new(3, 4, [.. Enumerable.Range(0, 12).Select(i => i is 6 or 7 or 11)]);
    private static readonly AuditRegion Dot = new(3, 4, [.. Enumerable.Range(0, 12).Select(i => i == 0)]);

    [TestMethod]
    public void Where_a_thing_lies_in_each_row_is_in_the_file_as_a_rectangle_of_the_input()
    {
        using var folder = new TemporaryFolder();
        using (var findings = new FindingsFolder(folder.Path, overwrite: false))
        {
            findings.Write(ReportOf(Moving()), [("Level", "0.05")]);
        }

        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, FindingsFolder.Json)));
        JsonElement[] rows = [.. json.RootElement.GetProperty("findings")[0].GetProperty("rowRegions").EnumerateArray()];
        Assert.AreEqual("{\"row\":7,\"name\":\"a.jpg\",\"inputWidth\":4,\"inputHeight\":3,\"left\":2,\"top\":1,\"right\":4,\"bottom\":3,\"share\":0.25}", JsonSerializer.Serialize(rows[0]));
        Assert.AreEqual((9, 0, 0, 1, 1), (rows[1].GetProperty("row").GetInt32(), rows[1].GetProperty("left").GetInt32(), rows[1].GetProperty("top").GetInt32(), rows[1].GetProperty("right").GetInt32(), rows[1].GetProperty("bottom").GetInt32()));
    }

    [TestMethod]
    public void A_picture_of_evidence_has_the_outline_of_its_own_row()
    {
        using MLImage picture = MLImage.CreateFromPixels(4, 3, MLPixelFormat.Bgra32, new byte[48]);
        AuditFinding finding = Moving() with { Pictures = [new AuditPicture("of the second", 9, picture, picture), new AuditPicture("of none", 8, picture, picture)] };
        string html = FindingsSection.Of(ReportOf(finding), [finding]).Html;
        Assert.HasCount(2, html.Split("class=\"outlined\""), "one of the two, and there is no common place");
        StringAssert.Contains(html, $"class=\"line\" d=\"{RegionOutline.PathText(Dot)}\"");
        Assert.IsFalse(html.Contains(RegionOutline.PathText(Corner), StringComparison.Ordinal));
    }

    [TestMethod]
    public void An_effect_without_a_control_shows_none_and_one_with_it_does()
    {
        AuditEffect paired = new("share of the heat on the object", 12, 0, 0.2, 0.1, 0.3, double.NaN, 0.01, 0.05);
        string html = Html(paired);
        Assert.IsFalse(html.Contains("control", StringComparison.Ordinal), html);
        StringAssert.Contains(html, "<span>12 pictures</span>");
        StringAssert.Contains(html, "What changed");
        StringAssert.Contains(html, "[+0.10, +0.30], 95 %");
        string tried = Html(paired with { Control = 0.01, Flips = 3 });
        StringAssert.Contains(tried, "<span>control +0.01</span>");
        StringAssert.Contains(tried, "3 of 12 changed class");
        StringAssert.Contains(tried, "[+0.10, +0.30] in the probability, 95 %");
    }

    private static string Html(AuditEffect effect)
    {
        var finding = new AuditFinding(AuditFindingKind.Reasons, -1, "cat", "the heat moved.", 0.01) { Effects = [effect] };
        return FindingsSection.Of(ReportOf(finding), [finding]).Html;
    }

    private static AuditFinding Moving() => new(AuditFindingKind.Shortcut, 0, "cat", "a thing makes 'cat'.", 0.01) { Rows = [7, 9], RowNames = ["a.jpg", "b.jpg"], RowRegions = [Corner, Dot] };

    private static AuditReport ReportOf(AuditFinding finding) => new(10, new Dictionary<string, int>(), [finding], ["something"]);
}
