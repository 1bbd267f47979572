using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

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
        var rows = PageText.Rows(Written(Header, [.. ThreeImages.Select(Row)]));
        CollectionAssert.AreEqual(ThreeImages, rows.Select(row => row.GetProperty("image").GetString()).ToArray());
        Assert.AreEqual(0.75, Target(rows[0]).GetProperty("probability").GetDouble());
    }

    [TestMethod]
    public void Text_cannot_become_markup()
    {
        var page = Written(
            new ReportHeader(Hostile, Hostile, [(Hostile, Hostile)]),
            new ReportRow(Hostile, [new ReportTarget(Hostile) { Message = Hostile, Label = Hostile, Title = Hostile, Value = Hostile, Against = Hostile, Overlay = Hostile }])
            {
                Truth = Hostile,
            });
        Assert.IsFalse(page.Contains("<img src=x", StringComparison.Ordinal));
        JsonElement row = PageText.Rows(page).Single();
        foreach (string name in (string[])["image", "truth"])
        {
            Assert.AreEqual(Hostile, row.GetProperty(name).GetString());
        }

        foreach (string name in (string[])["status", "message", "label", "title", "value", "against", "overlay"])
        {
            Assert.AreEqual(Hostile, Target(row).GetProperty(name).GetString());
        }
    }

    [TestMethod]
    public void A_title_that_looks_like_a_placeholder_stays_a_title() =>
        StringAssert.Contains(Written(Header with { Title = "{{rows}} {{css}}" }), "<title>{{rows}} {{css}}</title>");

    [TestMethod]
    public void Nothing_is_loaded_from_a_network()
    {
        var page = Written(Header, Row("a.jpg"));
        Assert.IsFalse(Regex.IsMatch(page, "https?://|(?<!Object)url\\(|@import|<link(?! rel=\"icon\" href=\"data:)|\\ssrc=\"|<base", RegexOptions.IgnoreCase));
        StringAssert.Contains(page, "default-src 'none'");
    }

    [TestMethod]
    public void Header_and_late_facts_are_in_the_page()
    {
        using var writer = new ReportWriter(Index, Header, 3);
        writer.Complete(("Took", "3 min"));
        var page = File.ReadAllText(Index);
        StringAssert.Contains(page, "<dt>Version</dt><dd>1.0</dd>");
        StringAssert.Contains(page, "[[\"Took\",\"3 min\"]]");
        StringAssert.Contains(page, "Three photos.");
        Assert.IsFalse(Regex.IsMatch(page, @"\{\{\w+\}\}"));
    }

    [TestMethod]
    public void Rows_without_images_are_rows()
    {
        string page = Written(Header, new ReportRow("broken.jpg", [new ReportTarget("UnreadableImage") { Message = "it is empty" }]));
        JsonElement row = PageText.Rows(page).Single();
        Assert.IsFalse(row.TryGetProperty("width", out _));
        Assert.AreEqual("it is empty", Target(row).GetProperty("message").GetString());
        Assert.IsFalse(PageText.Details(page).Single().TryGetProperty("photo", out _));
    }

    [TestMethod]
    public void Photos_are_embedded_small_and_keep_their_shape()
    {
        using MLImage photo = TestImage.Uniform(1200, 600, 200);
        var thumbnail = Thumbnail.Of(photo);
        using (var writer = new ReportWriter(Index, Header, 3))
        {
            writer.Add(Row("first.jpg"), Nothing);
            writer.Add(Row("second.jpg"), Nothing with { Photo = thumbnail.Picture });
            writer.Complete();
        }

        string source = PageText.Details(File.ReadAllText(Index))[1].GetProperty("photo").GetString()!;
        StringAssert.StartsWith(source, "data:image/jpeg;base64,");
        using MLImage small = ImageFile.Load(PageText.Bytes(source));
        Assert.AreEqual((384, 192), (small.Width, small.Height));
        Assert.AreEqual(200, small.Pixel(100, 100).Red, 3);
        Assert.AreEqual((384, 192), (thumbnail.Width, thumbnail.Height));
        Assert.AreEqual(1200, photo.Width);
    }

    [TestMethod]
    public void Maps_stand_in_the_page_as_they_are()
    {
        var map = SmallMap.Of([0, 0.25, 1, -0.1], 2, 2);
        using (var writer = new ReportWriter(Index, Header, 3))
        {
            writer.Add(Row("a.jpg"), Nothing with { Maps = [map, null], Region = [0.125, 0, 0.875, 1] });
            writer.Complete();
        }

        JsonElement pictures = PageText.Details(File.ReadAllText(Index)).Single();
        Assert.AreEqual(map, pictures.GetProperty("maps")[0].Deserialize<SmallMap>(ReportWriter.Json));
        Assert.AreEqual(JsonValueKind.Null, pictures.GetProperty("maps")[1].ValueKind);
        Assert.AreEqual(0.875, pictures.GetProperty("region")[2].GetDouble());
    }

    [TestMethod]
    public void Small_images_are_not_enlarged_and_transparent_ones_lie_on_white()
    {
        using var photo = TestImage.From(32, 32, (_, _) => (0, 0, 0, 0));
        var thumbnail = Thumbnail.Of(photo);
        using var small = ImageFile.Load(PageText.Bytes(thumbnail.Picture));
        Assert.AreEqual((32, 32), (small.Width, small.Height));
        Assert.AreEqual(255, small.Pixel(16, 16).Green);
    }

    [TestMethod]
    public void Numbers_that_Json_does_not_know_are_left_out()
    {
        JsonElement row = PageText.Rows(Written(Header, new ReportRow("a.jpg", [new ReportTarget("Ok") { Probability = float.NaN }]))).Single();
        Assert.IsFalse(Target(row).TryGetProperty("probability", out _));
        Assert.AreEqual(0, (Nothing with { Milliseconds = double.PositiveInfinity }).Finite().Milliseconds);
    }

    [TestMethod]
    public void An_aborted_report_leaves_nothing_behind()
    {
        using (var writer = new ReportWriter(Index, Header, 3))
        {
            writer.Add(Row("a.jpg"), Nothing);
            Assert.IsFalse(File.Exists(Index));
        }

        Assert.AreEqual(0, Directory.GetFileSystemEntries(_folder).Length);
    }

    [TestMethod]
    public void An_aborted_report_leaves_an_earlier_one_alone()
    {
        File.WriteAllText(Index, "earlier");
        using (var writer = new ReportWriter(Index, Header, 3))
        {
            writer.Add(Row("a.jpg"), Nothing);
        }

        Assert.AreEqual("earlier", File.ReadAllText(Index));
    }

    [TestMethod]
    public void A_completed_report_replaces_an_earlier_one_and_stands_alone_in_its_folder()
    {
        File.WriteAllText(Index, "earlier");
        Assert.AreEqual(1, PageText.Rows(Written(Header, Row("a.jpg"))).Length);
        Assert.AreEqual(1, Directory.GetFileSystemEntries(_folder).Length);
    }

    [TestMethod]
    public void After_its_end_a_writer_refuses_rows()
    {
        var writer = new ReportWriter(Index, Header, 3);
        writer.Complete();
        Assert.ThrowsExactly<ObjectDisposedException>(() => writer.Add(Row("late.jpg"), Nothing));
        writer.Dispose();
        writer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => writer.Complete());
        Assert.IsTrue(File.Exists(Index));
    }

    private static RowDetails Nothing => new([null]);

    private static ReportRow Row(string image) => new(image, [new ReportTarget("Ok") { Target = 3, Label = "tench", Probability = 0.75f }]);

    private static JsonElement Target(JsonElement row) => row.GetProperty("targets").EnumerateArray().Single();

    private string Written(ReportHeader header, params ReportRow[] rows)
    {
        using (var writer = new ReportWriter(Index, header, rows.Length))
        {
            foreach (var row in rows)
            {
                writer.Add(row, Nothing);
            }

            Assert.AreEqual(rows.Length, writer.Count);
            writer.Complete();
        }

        return File.ReadAllText(Index);
    }
}
