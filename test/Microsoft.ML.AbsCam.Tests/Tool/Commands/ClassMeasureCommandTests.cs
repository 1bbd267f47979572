using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>What compare says of classes, and by measures that rank no method.</summary>
[TestClass]
public sealed class ClassMeasureCommandTests : CommandTest
{
    private const int Side = 96;

    [TestMethod]
    public async Task Numbers_by_class_are_a_file_and_a_part_of_the_page_and_what_ranks_nothing_has_no_best()
    {
        for (int i = 0; i < 4; i++)
        {
            (double x, double y) = (20 + (i * 15), 70 - (i * 12));
            Spot($"photos/{i}.png", Side, Side, x, y);
            Write($"masks/{i}.png", ImageBytes.Encode(Side, Side, (column, row) => Math.Abs(column - x) + Math.Abs(row - y) < 12 ? SKColors.White : SKColors.Black, SKEncodedImageFormat.Png));
        }

        Write("targets.csv", "image,target\n0.png,bright\n1.png,dark\n2.png,bright\n3.png,dark\n");
        Write("labels.txt", string.Join('\n', BrightnessNetwork.Classes));
        string[] command =
        [
            "compare", At("photos"), "--model", Model(), "--labels", At("labels.txt"), "--target", $"@{At("targets.csv")}", "--object-masks", At("masks"), "--methods", "grad-cam,layer-cam",
            "--measures", "sparseness,consistency,road-morf,road-lerf,max-sensitivity,energy-pointing", "--output", Output, .. BrightnessNetwork.Options,
        ];
        CommandResult result = await RunAsync(command);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        string[][] table = Table("comparison.csv");
        Assert.AreEqual(1 / 3.0, Mean(table, "random", "sparseness"), 0.01, "the Gini index of uniform numbers");
        Assert.AreEqual(0, Mean(table, "center-gaussian", "max-sensitivity"), "it looks at no picture");
        Assert.AreEqual(0, Mean(table, "center-gaussian", "consistency"), 1e-3, "one map for all classes");
        Assert.AreEqual(2, Number(table.Single(line => line[0] == "grad-cam" && line[1] == "consistency")[6]), "classes");

        string[][] classes = Table("classes.csv");
        string[][] heat = [.. classes.Where(line => line[2] == "grad-cam" && line[3] == "energy-pointing")];
        CollectionAssert.AreEqual((string[])["0 bright 2", "1 dark 2"], heat.Select(line => $"{line[0]} {line[1]} {line[7]}").ToArray());
        Assert.IsGreaterThan(3 * Number(heat[1][4]), Number(heat[0][4]), "what speaks for the dark lies beside the spot");
        Assert.AreEqual(Mean(table, "grad-cam", "energy-pointing"), heat.Average(line => Number(line[4])), 1e-5);
        Assert.AreEqual(1, Number(classes.First(line => line[2] == "center-gaussian" && line[3] == "consistency-within")[4]), 1e-3);

        string page = File.ReadAllText(At("out", "index.html"));
        StringAssert.Contains(page, "Share of the heat on the object, by class");
        StringAssert.Contains(page, "Consistency of the class");
        string[] heads = [.. result.Output.Split('\n').First(line => line.StartsWith("method", StringComparison.Ordinal)).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        CollectionAssert.IsSubsetOf((string[])["sparseness (no rank)", "consistency (no rank)", "road-morf \u2193", "road-lerf \u2191"], heads);

        string journal = File.ReadAllText(At("out", "comparison.journal"));
        Assert.AreEqual(0, (await RunAsync([.. command, "--resume"])).ExitCode);
        Assert.AreEqual(journal, File.ReadAllText(At("out", "comparison.journal")), "nothing is measured anew");
        CollectionAssert.AreEqual(classes, Table("classes.csv"), System.Collections.StructuralComparisons.StructuralComparer);
    }

    [TestMethod]
    [DataRow("road-morf")]
    [DataRow("consistency")]
    public async Task What_is_of_classes_is_refused_where_none_is_asked_about(string measure)
    {
        Spot("photos/0.png");
        CommandResult result = await RunAsync(["evaluate", At("photos"), "--model", Model(), "--target", "output:1", "--measures", measure, "--output", Output, .. BrightnessNetwork.Options]);
        Assert.AreEqual(2, result.ExitCode);
        StringAssert.Contains(result.Errors, $"--measures {measure}: it is of classes, and --target asks about something else");
    }

    private string[][] Table(string name) => [.. Csv.Parse(File.ReadAllText(At("out", name))).Skip(1)];

    private static double Mean(string[][] table, string method, string measure) => Number(table.Single(line => line[0] == method && line[1] == measure)[3]);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
