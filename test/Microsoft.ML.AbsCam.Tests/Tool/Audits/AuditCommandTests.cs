using System.Text.Json;
using Microsoft.ML.AbsCam.Tests.Audit;
using Microsoft.ML.AbsCam.Tests.Tool.Report;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Audits;

[TestClass]
public sealed class AuditCommandTests : RedOrGreenCommandTest
{
    [TestMethod]
    public async Task Photos_end_in_findings_with_pictures_of_what_was_tried()
    {
        Draw(80, share: 0.5);
        CommandResult audited = await AuditAsync("--truth", "folder");
        Assert.AreEqual(0, audited.ExitCode, audited.Errors);
        StringAssert.Contains(audited.Output, "Shortcut: pictures become 'red'");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Output, "findings.json")));
        JsonElement finding = json.RootElement.GetProperty("findings")[0];
        Assert.AreEqual("shortcut", finding.GetProperty("kind").GetString());
        Assert.AreEqual("red", finding.GetProperty("className").GetString());
        StringAssert.StartsWith(finding.GetProperty("rowNames")[0].GetString(), "red/");
        using SKBitmap region = SKBitmap.Decode(Path.Combine(Output, finding.GetProperty("regionFile").GetString()!));
        Assert.AreEqual((RedOrGreen.Side, RedOrGreen.Side), (region.Width, region.Height));
        Assert.AreEqual(SKColors.White, region.GetPixel(12, 12));
        Assert.AreEqual(SKColors.Black, region.GetPixel(2, 2));
        JsonElement picture = finding.GetProperty("pictures")[0];
        using SKBitmap before = SKBitmap.Decode(Path.Combine(Output, picture.GetProperty("before").GetString()!));
        using SKBitmap after = SKBitmap.Decode(Path.Combine(Output, picture.GetProperty("after").GetString()!));
        Assert.IsTrue(before.GetPixel(12, 12).Blue > 200 && after.GetPixel(12, 12).Blue < 120, $"the mark is filled: {before.GetPixel(12, 12)}, {after.GetPixel(12, 12)}");
        Assert.AreEqual(before.GetPixel(2, 2), after.GetPixel(2, 2));

        string page = File.ReadAllText(Path.Combine(Output, "index.html"));
        JsonElement[] plates = PageText.Rows(page);
        Assert.HasCount(80, plates);
        Assert.IsTrue(plates.All(plate => plate.GetProperty("width").GetInt32() == RedOrGreen.Side), "every plate has its photo");
        using JsonDocument said = PageText.Element(page, "id=\"findings-rows\"");
        string[] files = [.. said.RootElement[0].GetProperty("rows").EnumerateArray().Select(row => plates[row.GetInt32()].GetProperty("image").GetString()!)];
        CollectionAssert.AreEqual(finding.GetProperty("rowNames").EnumerateArray().Select(name => name.GetString()).ToArray(), files);
        StringAssert.Contains(page, "Pictures become &#39;red&#39;");
        StringAssert.Contains(page, "\"isPrediction\":true");

        CommandResult again = await AuditAsync();
        Assert.AreEqual(2, again.ExitCode);
        StringAssert.Contains(again.Errors, "--overwrite");
    }

    [TestMethod]
    public async Task A_photo_that_cannot_be_read_is_counted_and_told()
    {
        Draw(12, share: 0);
        Write("photos/red/torn.png", "no image");
        CommandResult audited = await AuditAsync("--quiet");
        Assert.AreEqual(1, audited.ExitCode, audited.Errors);
        StringAssert.Contains(audited.Errors, "1 photo not audited");
    }

    [TestMethod]
    public async Task A_truth_that_names_no_class_is_refused()
    {
        Draw(4, share: 0);
        Write("truth.csv", "image,target", "red/0.png,rouge");
        CommandResult audited = await AuditAsync("--truth", $"@{At("truth.csv")}");
        Assert.AreEqual(2, audited.ExitCode);
        StringAssert.Contains(audited.Errors, "no value of it is a class");
        Assert.IsFalse(File.Exists(Path.Combine(Output, "findings.json")));
    }

    private Task<CommandResult> AuditAsync(params string[] options) => RunAsync(["audit", At("photos"), .. Options(), "--output", Output, "--trials", "24", .. options]);
}
