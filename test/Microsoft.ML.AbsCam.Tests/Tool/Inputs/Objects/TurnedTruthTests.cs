using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Inputs.Objects;

/// <summary>Boxes, masks and maps beside photos that EXIF turns: one upright picture, stored in eight ways.</summary>
[TestClass]
public sealed class TurnedTruthTests : CommandTest
{
    private const int Width = 96;
    private const int Height = 64;
    private static readonly int[] BySize = [1, 5, 6, 7, 8];
    private static readonly int[] All = [1, 2, 3, 4, 5, 6, 7, 8];
    private string[] _header = [];

    [TestMethod]
    [DataRow("coco", "stored")]
    [DataRow("coco", "upright")]
    [DataRow("voc", "stored")]
    [DataRow("masks", "stored")]
    [DataRow("masks", "upright")]
    [DataRow("maps", "stored")]
    [DataRow("maps", "upright")]
    public async Task What_is_annotated_in_stored_pixels_is_turned_with_its_picture(string kind, string pixels)
    {
        Pictures();
        string[] options = Annotate(kind, pixels);
        Dictionary<int, double> asked = await EnergyAsync(0, [.. options, "--pixels", pixels]);
        CollectionAssert.AreEquivalent(All, asked.Keys.ToArray());
        Assert.IsGreaterThan(0.1, asked[1], "the object, a twentieth of the photo, is where the map is");
        foreach ((int orientation, double energy) in asked)
        {
            Assert.AreEqual(asked[1], energy, 1e-4, $"orientation {orientation}");
        }

        // Without a word, sizes tell where sides are swapped, and nothing does elsewhere.
        Directory.Delete(Output, recursive: true);
        Dictionary<int, double> told = await EnergyAsync(1, options, "2.png: ", "3.png: ", "4.png: ", "EXIF orientation is ", "--pixels stored or --pixels upright says so");
        CollectionAssert.AreEquivalent(BySize, told.Keys.ToArray());
        Assert.IsTrue(told.Values.All(energy => Math.Abs(energy - asked[1]) < 1e-4));
    }

    [TestMethod]
    public async Task Boxes_of_another_picture_are_refused_and_the_other_measures_are_not()
    {
        Pictures();
        Write("boxes.json", Coco(orientation => (orientation % 2 == 0 ? 50 : Width, Height), _ => Upright()));
        CommandResult result = await EvaluateAsync("--boxes", At("boxes.json"), "--any-class", "--measures", "energy-pointing,deletion", "--pixels", "upright");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Errors, "8.png");
        StringAssert.Contains(result.Errors, "the boxes are of a picture of 50 x 64, and the photo is 96 x 64");
        string[][] rows = Rows();
        Assert.AreEqual(4, rows.Count(row => Cell(row, "energy-pointing").Length > 0));
        Assert.AreEqual(8, rows.Count(row => Cell(row, "deletion").Length > 0));
    }

    private string Cell(string[] row, string column) => row[Array.IndexOf(_header, column)];

    private string[][] Rows()
    {
        string[][] table = [.. Csv.Parse(File.ReadAllText(At("out", "rows.csv")))];
        _header = table[0];
        return table[1..];
    }

    private async Task<Dictionary<int, double>> EnergyAsync(int exitCode, string[] options, params string[] because)
    {
        CommandResult result = await EvaluateAsync([.. options, "--measures", "energy-pointing"]);
        Assert.AreEqual(exitCode, result.ExitCode, result.Errors);
        foreach (string word in because)
        {
            StringAssert.Contains(result.Errors, word);
        }

        return Rows().Where(row => Cell(row, "energy-pointing").Length > 0).ToDictionary(row => row[0][0] - '0', row => double.Parse(Cell(row, "energy-pointing"), CultureInfo.InvariantCulture));
    }

    private Task<CommandResult> EvaluateAsync(params string[] options) =>
        RunAsync(["evaluate", At("photos"), "--model", Model(), "--output", Output, "--resize", "squash", "--steps", "4", .. BrightnessNetwork.Options, .. options]);

    private void Pictures()
    {
        foreach (int orientation in All)
        {
            int[,] stored = Turned.Stored(Grid((x, y) => IsSpot(x, y) ? 110 : (x / 4) + y, Height, Width), orientation);
            byte[] png = ImageBytes.Encode(stored.GetLength(1), stored.GetLength(0), (x, y) => new SKColor((byte)stored[y, x], (byte)stored[y, x], (byte)stored[y, x]), SKEncodedImageFormat.Png);
            Write($"photos/{orientation}.png", ImageBytes.PngWithExif(png, ImageBytes.Exif(orientation)));
        }
    }

    private string[] Annotate(string kind, string pixels)
    {
        bool isStored = pixels == "stored";
        bool[,] Truth(int orientation) => isStored ? Turned.Stored(Upright(), orientation) : Upright();
        switch (kind)
        {
            case "coco":
                Write("boxes.json", Coco(orientation => (Truth(orientation).GetLength(1), Truth(orientation).GetLength(0)), Truth));
                return ["--boxes", At("boxes.json"), "--any-class"];
            case "voc":
                foreach (int orientation in All)
                {
                    bool[,] truth = Truth(orientation);
                    (int left, int top, int right, int bottom) = Box(truth);
                    Write($"boxes/{orientation}.xml", $"<annotation><filename>{orientation}.png</filename><size><width>{truth.GetLength(1)}</width><height>{truth.GetLength(0)}</height></size><object><name>spot</name><bndbox><xmin>{left + 1}</xmin><ymin>{top + 1}</ymin><xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox></object></annotation>");
                }

                return ["--boxes", At("boxes"), "--any-class"];
            case "masks":
                Masks(Truth);
                return ["--object-masks", At("masks")];
            default:
                Masks(Truth);
                foreach (int orientation in All)
                {
                    int[,] map = Grid((x, y) => IsSpot(x, y) ? 4 : x % 2, Height, Width);
                    map = isStored ? Turned.Stored(map, orientation) : map;
                    Directory.CreateDirectory(At("maps"));
                    using FileStream file = File.Create(At("maps", $"{orientation}.npy"));
                    Microsoft.ML.AbsCam.Tool.Inputs.NpyFile.Write(file, [.. map.Cast<int>().Select(value => (float)value)], map.GetLength(0), map.GetLength(1));
                }

                return ["--object-masks", At("masks"), "--maps", At("maps"), "--map-extent", "photo"];
        }
    }

    private void Masks(Func<int, bool[,]> truth)
    {
        foreach (int orientation in All)
        {
            bool[,] mask = truth(orientation);
            Write($"masks/{orientation}.png", ImageBytes.Encode(mask.GetLength(1), mask.GetLength(0), (x, y) => mask[y, x] ? SKColors.White : SKColors.Black, SKEncodedImageFormat.Png));
        }
    }

    private static string Coco(Func<int, (int Width, int Height)> size, Func<int, bool[,]> truth)
    {
        IEnumerable<string> images = All.Select(orientation => $$"""{"id":{{orientation}},"file_name":"{{orientation}}.png","width":{{size(orientation).Width}},"height":{{size(orientation).Height}}.0}""");
        IEnumerable<string> boxes = All.Select(orientation =>
        {
            (int left, int top, int right, int bottom) = Box(truth(orientation));
            return $$"""{"image_id":{{orientation}},"category_id":1,"bbox":[{{left}},{{top}},{{right - left}},{{bottom - top}}]}""";
        });
        return $$"""{"images":[{{string.Join(',', images)}}],"annotations":[{{string.Join(',', boxes)}}],"categories":[{"id":1,"name":"spot"}]}""";
    }

    private static (int Left, int Top, int Right, int Bottom) Box(bool[,] mask)
    {
        (int X, int Y)[] set = [.. Enumerable.Range(0, mask.Length).Select(i => (X: i % mask.GetLength(1), Y: i / mask.GetLength(1))).Where(at => mask[at.Y, at.X])];
        return (set.Min(at => at.X), set.Min(at => at.Y), set.Max(at => at.X) + 1, set.Max(at => at.Y) + 1);
    }

    private static bool IsSpot(int x, int y) => x is >= 60 and < 84 && y is >= 8 and < 20;

    private static bool[,] Upright() => Grid(IsSpot, Height, Width);

    private static T[,] Grid<T>(Func<int, int, T> value, int rows, int columns)
    {
        var grid = new T[rows, columns];
        for (int i = 0; i < grid.Length; i++)
        {
            grid[i / columns, i % columns] = value(i % columns, i / columns);
        }

        return grid;
    }
}
