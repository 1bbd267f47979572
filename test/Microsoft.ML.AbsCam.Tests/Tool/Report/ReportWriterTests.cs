using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

[TestClass]
public class ReportWriterTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>&\"'\u2028{{js}}.jpg";

    private static readonly ReportHeader Header = new("A title", "Three photos.", [("Model", "net.onnx"), ("Method", "Abs-CAM"), ("Layer", "features"), ("Version", "1.0")]);

    private static readonly string[] ThreeImages = ["a.jpg", "b/c.png", "d.webp"];

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string Index => Path.Combine(_folder, "index.html");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Every_row_is_in_the_page_in_order()
    {
        var rows = Rows(Written(Header, [.. ThreeImages.Select(Row)]));
        CollectionAssert.AreEqual(ThreeImages, rows.Select(r => r.GetProperty("row").GetProperty("image").GetString()).ToArray());
        Assert.AreEqual(0.75, rows[0].GetProperty("row").GetProperty("probability").GetDouble());
    }

    [TestMethod]
    public void Text_cannot_become_markup()
    {
        var page = Written(
            new ReportHeader(Hostile, Hostile, [(Hostile, Hostile)]),
            Row(Hostile) with { Status = Hostile, Message = Hostile, Label = Hostile, TrueLabel = Hostile, Layer = Hostile });
        Assert.IsFalse(page.Contains("<img src=x", StringComparison.Ordinal));
        var row = Rows(page).Single().GetProperty("row");
        foreach (var name in new[] { "image", "status", "message", "label", "trueLabel", "layer" })
        {
            Assert.AreEqual(Hostile, row.GetProperty(name).GetString());
        }
    }

    [TestMethod]
    public void A_title_that_looks_like_a_placeholder_stays_a_title() =>
        StringAssert.Contains(Written(Header with { Title = "{{rows}} {{css}}" }), "<title>{{rows}} {{css}}</title>");

    [TestMethod]
    public void Nothing_is_loaded_from_a_network()
    {
        var page = Written(Header, Row("a.jpg"));
        Assert.IsFalse(Regex.IsMatch(page, "https?://|url\\(|@import|<link(?! rel=\"icon\" href=\"data:)|\\ssrc=\"|<base", RegexOptions.IgnoreCase));
        StringAssert.Contains(page, "default-src 'none'");
    }

    [TestMethod]
    public void Header_and_late_facts_are_in_the_page()
    {
        using var writer = new ReportWriter(Index, Header);
        writer.Complete(("Took", "3 min"));
        var page = File.ReadAllText(Index);
        StringAssert.Contains(page, "<dt>Version</dt><dd>1.0</dd>");
        StringAssert.Contains(page, "[[\"Took\",\"3 min\"]]");
        StringAssert.Contains(page, "Three photos.");
        Assert.IsFalse(Regex.IsMatch(page, @"\{\{\w+\}\}"));
    }

    [TestMethod]
    public void The_legend_has_the_colours_of_the_map()
    {
        StringAssert.Contains(Written(Header), "to right, #000004, ");
        StringAssert.Contains(Written(Header with { ColorMap = ColorMap.Viridis }), "to right, #440154, ");
    }

    [TestMethod]
    public void Rows_without_images_are_rows()
    {
        var page = Written(Header, Row("broken.jpg") with { Message = "it is empty", Probability = null, Label = null, Target = null });
        var row = Rows(page).Single();
        Assert.AreEqual(JsonValueKind.Null, row.GetProperty("width").ValueKind);
        Assert.AreEqual("it is empty", row.GetProperty("row").GetProperty("message").GetString());
        Assert.IsFalse(page.Contains("class=\"photo\"", StringComparison.Ordinal));
    }

    [TestMethod]
    public void Images_are_embedded_small_and_keep_their_shape()
    {
        using var photo = TestImage.Uniform(1200, 600, 200);
        using var overlay = TestImage.Uniform(1200, 600, 20);
        using (var writer = new ReportWriter(Index, Header))
        {
            writer.Add(ReportPlate.Of(Row("first.jpg"), null, null));
            writer.Add(ReportPlate.Of(Row("second.jpg"), photo, overlay));
            writer.Complete();
        }

        var page = File.ReadAllText(Index);
        foreach (var (kind, level) in new[] { ("photo", 200), ("heat", 20) })
        {
            var base64 = Regex.Match(page, $"<script type=\"text/plain\" class=\"{kind}\">([^<]+)</script>").Groups[1].Value;
            using var small = ImageFile.Load(Convert.FromBase64String(base64));
            Assert.AreEqual((384, 192), (small.Width, small.Height));
            Assert.AreEqual(level, small.Pixel(100, 100).Red, 3);
        }

        Assert.AreEqual(384, Rows(page)[1].GetProperty("width").GetInt32());
        Assert.AreEqual(1200, photo.Width);
    }

    [TestMethod]
    public void Small_images_are_not_enlarged_and_transparent_ones_lie_on_white()
    {
        using var photo = TestImage.From(32, 32, (_, _) => (0, 0, 0, 0));
        var thumbnail = Thumbnail.Of(photo);
        using var small = ImageFile.Load(Convert.FromBase64String(thumbnail.Base64));
        Assert.AreEqual((32, 32), (small.Width, small.Height));
        Assert.AreEqual(255, small.Pixel(16, 16).Green, 2);
    }

    [TestMethod]
    public void Numbers_that_Json_does_not_know_are_left_out()
    {
        var row = Rows(Written(Header, Row("a.jpg") with { Probability = float.NaN, Milliseconds = double.PositiveInfinity })).Single().GetProperty("row");
        Assert.AreEqual(JsonValueKind.Null, row.GetProperty("probability").ValueKind);
        Assert.AreEqual(0, row.GetProperty("milliseconds").GetDouble());
    }

    [TestMethod]
    public void An_aborted_report_leaves_nothing_behind()
    {
        using (var writer = new ReportWriter(Index, Header))
        {
            writer.Add(ReportPlate.Of(Row("a.jpg"), null, null));
            Assert.IsFalse(File.Exists(Index));
        }

        Assert.AreEqual(0, Directory.GetFileSystemEntries(_folder).Length);
    }

    [TestMethod]
    public void An_aborted_report_leaves_an_earlier_one_alone()
    {
        File.WriteAllText(Index, "earlier");
        using (var writer = new ReportWriter(Index, Header))
        {
            writer.Add(ReportPlate.Of(Row("a.jpg"), null, null));
        }

        Assert.AreEqual("earlier", File.ReadAllText(Index));
    }

    [TestMethod]
    public void A_completed_report_replaces_an_earlier_one_and_stands_alone_in_its_folder()
    {
        File.WriteAllText(Index, "earlier");
        Assert.AreEqual(1, Rows(Written(Header, Row("a.jpg"))).Length);
        Assert.AreEqual(1, Directory.GetFileSystemEntries(_folder).Length);
    }

    [TestMethod]
    public void After_its_end_a_writer_refuses_rows()
    {
        var writer = new ReportWriter(Index, Header);
        writer.Complete();
        Assert.ThrowsExactly<ObjectDisposedException>(() => writer.Add(ReportPlate.Of(Row("late.jpg"), null, null)));
        writer.Dispose();
        writer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => writer.Complete());
        Assert.IsTrue(File.Exists(Index));
    }

    private static ReportRow Row(string image) => new(image, "explained", null, 3, "tench", 0.75f, "features", null, null, 100, 12.5);

    private static JsonElement[] Rows(string page) =>
        [.. Regex.Matches(page, "<script type=\"application/json\" class=\"row\">(.*?)</script>").Select(m => JsonDocument.Parse(m.Groups[1].Value).RootElement)];

    private string Written(ReportHeader header, params ReportRow[] rows)
    {
        using (var writer = new ReportWriter(Index, header))
        {
            foreach (var row in rows)
            {
                writer.Add(ReportPlate.Of(row, null, null));
            }

            Assert.AreEqual(rows.Length, writer.Count);
            writer.Complete();
        }

        return File.ReadAllText(Index);
    }
}
