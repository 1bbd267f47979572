using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The folder that results go to, and the names of the files in it.</summary>
internal sealed class OutputFolder : IDisposable
{
    private const string Maps = "maps";
    private const string Overlays = "overlays";
    private const string Unfinished = ".unfinished";

    // The strongest compression takes three times as long for a tenth of the bytes.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 3);

    /// <exception cref="UsageException">The folder cannot be made or written to.</exception>
    public OutputFolder(string path)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, $".write-test-{Guid.NewGuid():n}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder '{path}' cannot be written to: {e.Message} Give another with --output.");
        }
    }

    /// <summary>The folders in it that hold a run's images and arrays.</summary>
    public static IReadOnlyList<string> OwnFolders { get; } = [Maps, Overlays];

    public string Path { get; }

    public string ResultsPath => System.IO.Path.Combine(Path, "results.csv");

    public string ReportPath => System.IO.Path.Combine(Path, "index.html");

    public string JournalPath => System.IO.Path.Combine(Path, "explain.journal");

    /// <summary>Where files are until they are whole.</summary>
    public string WorkFolder => System.IO.Path.Combine(Path, Unfinished);

    /// <summary>Makes the place for unfinished files, without those that a killed run left there.</summary>
    public void Begin()
    {
        Dispose();
        Directory.CreateDirectory(WorkFolder);
    }

    /// <summary>Takes an earlier run's table and page away, which this run's files will not fit.</summary>
    public void Forget()
    {
        File.Delete(ResultsPath);
        File.Delete(ReportPath);
    }

    public KeptFile SaveMap(InputFile file, int? target, ReadOnlySpan<float> map, int height, int width)
    {
        string name = $"{Maps}/{NameOf(file, target)}.npy";
        using AsideFile npy = Aside(name);
        NpyFile.Write(npy.Stream, map, height, width);
        return npy.Complete(name);
    }

    public KeptFile SaveOverlay(InputFile file, int? target, MLImage overlay)
    {
        string name = OverlayName(file, target);
        SKColorType colors = overlay.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using AsideFile picture = Aside(name);
        using SKData png = Encode(overlay, new SKImageInfo(overlay.Width, overlay.Height, colors, SKAlphaType.Premul));
        picture.Stream.Write(png.AsSpan());
        return picture.Complete(name);
    }

    public AsideFile Aside(string name) => new(System.IO.Path.Combine(Path, name), WorkFolder);

    public static string OverlayName(InputFile file, int? target) => $"{Overlays}/{NameOf(file, target)}.png";

    public void Dispose()
    {
        if (Directory.Exists(WorkFolder))
        {
            Directory.Delete(WorkFolder, recursive: true);
        }
    }

    /// <summary>Several targets of one image are told apart by the class index.</summary>
    private static string NameOf(InputFile file, int? target) => target is int index ? $"{file.OutputName}-{index}" : file.OutputName;

    private static SKData Encode(MLImage image, SKImageInfo info)
    {
        using SKImage copy = SKImage.FromPixelCopy(info, image.Pixels);
        GC.KeepAlive(image);
        using SKPixmap pixels = copy.PeekPixels();
        return pixels.Encode(Png);
    }
}
