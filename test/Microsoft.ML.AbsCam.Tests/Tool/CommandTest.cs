using System.Text;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Commands;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>A folder to work in, and the command run in it within this process.</summary>
[TestClass]
public abstract class CommandTest
{
    protected const string Header = "image,status,target,label,probability,layer,map,forwards,milliseconds";

    // The method divides by the range and a little more, so that the highest value is a little below 1.
    private const float AlmostOne = 0.999f;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("abscam").FullName;

    protected string Output => At("out");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(Folder, recursive: true);

    protected string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    protected string Write(string name, byte[] bytes)
    {
        string path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    protected string Write(string name, params string[] lines) => Write(name, Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    protected string Model() => Write("brightness.onnx", BrightnessNetwork.Bytes());

    protected string Labels() => Write("labels.txt", BrightnessNetwork.Classes);

    /// <summary>A grey disc on black.</summary>
    protected string Spot(string name, int width = 96, int height = 96, double x = 30, double y = 60)
    {
        SKEncodedImageFormat format = Path.GetExtension(name) switch { ".png" => SKEncodedImageFormat.Png, ".webp" => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Jpeg };
        return Write(name, ImageBytes.Encode(width, height, SpotAt(x, y), format));
    }

    protected static Func<int, int, SKColor> SpotAt(double x, double y) => (column, row) =>
        Math.Pow(column + 0.5 - x, 2) + Math.Pow(row + 0.5 - y, 2) < 100 ? new SKColor(110, 110, 110) : SKColors.Black;

    /// <summary>Explains with the brightness network, phase 1, into <see cref="Output"/>.</summary>
    protected Task<CommandResult> ExplainAsync(string images, params string[] options) => ExplainAsync([images], options);

    protected Task<CommandResult> ExplainAsync(string[] images, params string[] options) =>
        RunAsync(["explain", .. images, "--model", Model(), "--output", Output, "--phase", "initial", .. BrightnessNetwork.Options, .. options]);

    protected static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await OwnConsole.RunAsync(() => AbscamCommand.RunAsync(arguments));
        return new CommandResult(exitCode, output, errors);
    }

    protected string[][] Results()
    {
        string text = File.ReadAllText(At("out", "results.csv"));
        StringAssert.StartsWith(text, Header + "\r\n");
        StringAssert.EndsWith(text, "\r\n");
        string[][] rows = [.. Csv.Parse(text).Skip(1)];
        foreach (string[] row in rows)
        {
            Assert.HasCount(9, row);
        }

        return rows;
    }

    /// <summary>A map that results.csv names, which must be a map.</summary>
    internal Npy Map(string name, int size = BrightnessNetwork.Size, bool isNormalised = true)
    {
        Npy map = Npy.Read(At("out", name));
        CollectionAssert.AreEqual(new long[] { size, size }, map.Shape);
        Assert.AreEqual(0f, map.Values.Min());
        Assert.IsInRange(isNormalised ? AlmostOne : 0, 1, map.Values.Max());
        return map;
    }

    protected static void Refused(CommandResult result, string because, int exitCode = 2)
    {
        Assert.AreEqual(exitCode, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Errors, because);
        OneLineEach(result);
    }

    /// <summary>Messages are lines for people: no stack traces, no names of this program's parts.</summary>
    protected static void OneLineEach(CommandResult result)
    {
        foreach (string line in result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.IsTrue(line.StartsWith("abscam: ", StringComparison.Ordinal) || line.StartsWith("See 'abscam", StringComparison.Ordinal), line);
            foreach (string inside in new[] { "Exception", "Parameter '", "AbsCamOptions", "ImageFileOptions", "ImagePreprocessing", "System.", "   at " })
            {
                Assert.IsFalse(line.Contains(inside, StringComparison.Ordinal), line);
            }
        }
    }
}
