using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The folder that results go to, and the names of the files in it.</summary>
internal sealed class OutputFolder : IDisposable
{
    // The strongest compression takes three times as long for a tenth of the bytes.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 3);

    private const string ProbePrefix = ".write-test-";

    private readonly FolderLock _lock;

    /// <exception cref="UsageException">The folder cannot be made or written to, or another process writes there.</exception>
    public OutputFolder(string path)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, $"{ProbePrefix}{Guid.NewGuid():n}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            _lock = new FolderLock(path);
            ForgetProbes();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output folder '{path}' cannot be written to: {e.Message} Give another with --output.");
        }
    }

    public string Path { get; }

    public string ResultsPath => System.IO.Path.Combine(Path, ResultNames.Results);

    public string ReportPath => System.IO.Path.Combine(Path, ResultNames.Page);

    public string JournalPath => System.IO.Path.Combine(Path, ResultNames.Journal);

    /// <summary>Where files are until they are whole.</summary>
    public string WorkFolder => System.IO.Path.Combine(Path, ResultNames.Unfinished);

    /// <summary>Makes the place for unfinished files, without those that a killed run left there.</summary>
    public void Begin()
    {
        Delete(ResultNames.Unfinished);
        Directory.CreateDirectory(WorkFolder);
    }

    /// <summary>Takes an earlier run's results away, so that nothing of them is among this one's.</summary>
    /// <param name="files">What its journal speaks of.</param>
    public void Forget(IEnumerable<KeptFile> files)
    {
        ForgetTables();
        foreach (KeptFile file in files.Where(file => File.Exists(System.IO.Path.Combine(Path, file.Name))))
        {
            Delete(file);
        }

        Delete(ResultNames.Waiting);
    }

    /// <summary>A result that the journal of this name knows nothing of; null where there is none.</summary>
    public string? FindOthersResult(string journal)
    {
        string[] files = [ResultNames.ComparisonsJournal, ResultNames.Journal, ResultNames.Results];
        string? file = Array.Find(files, name => name != journal && new FileInfo(System.IO.Path.Combine(Path, name)) is { Exists: true, Length: > 0 });
        return file ?? ResultNames.Folders.Select(name => System.IO.Path.Combine(Path, name))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Select(path => System.IO.Path.GetRelativePath(Path, path))
            .FirstOrDefault();
    }

    /// <summary>Takes the table and the page away.</summary>
    public void ForgetTables()
    {
        File.Delete(ResultsPath);
        File.Delete(ReportPath);
        ForgetPageFiles(System.IO.Path.Combine(Path, ResultNames.PageFiles));
    }

    /// <summary>Takes away the scripts that hold the rows of an earlier page, and nothing else that may lie beside them.</summary>
    public static void ForgetPageFiles(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string file in Directory.GetFiles(folder, "*.js"))
        {
            File.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    /// <summary>Takes away what an earlier run left among the Parquet files, which are read as one table.</summary>
    /// <param name="names">Those that stay.</param>
    public void ForgetParquetBut(IReadOnlySet<string> names)
    {
        string path = System.IO.Path.Combine(Path, ResultNames.Parquet);
        foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path) : [])
        {
            if (!names.Contains($"{ResultNames.Parquet}/{System.IO.Path.GetFileName(file)}"))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Takes away what only a run that goes on needs.</summary>
    public void Finish() => Delete(ResultNames.Waiting);

    public KeptFile SaveMap(InputFile file, int? target, ReadOnlySpan<float> map, int height, int width) => SaveMap(ResultNames.Maps, file, target, map, height, width);

    /// <summary>Keeps a map until its Parquet file is written.</summary>
    public KeptFile SaveWaitingMap(InputFile file, int? target, ReadOnlySpan<float> map, int height, int width) => SaveMap(ResultNames.Waiting, file, target, map, height, width);

    public float[] ReadMap(KeptFile map, int values) => NpyFile.Read(System.IO.Path.Combine(Path, map.Name), values).Values;

    /// <summary>Deletes a file that waited, where it still does.</summary>
    public void Delete(KeptFile file) => File.Delete(System.IO.Path.Combine(Path, file.Name));

    public static string PartName(int part) => $"{ResultNames.Parquet}/part-{part:00000}.parquet";

    public KeptFile SaveOverlay(InputFile file, int? target, MLImage overlay)
    {
        string name = OverlayName(file, target);
        SKColorType colors = overlay.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using AtomicFile picture = NewFile(name);
        using SKData png = Encode(overlay, new SKImageInfo(overlay.Width, overlay.Height, colors, SKAlphaType.Premul));
        picture.Stream.Write(png.AsSpan());
        return picture.Complete(name);
    }

    private KeptFile SaveMap(string folder, InputFile file, int? target, ReadOnlySpan<float> map, int height, int width)
    {
        string name = $"{folder}/{NameOf(file, target)}.npy";
        using AtomicFile npy = NewFile(name);
        NpyFile.Write(npy.Stream, map, height, width);
        return npy.Complete(name);
    }

    public AtomicFile NewFile(string name) => new(System.IO.Path.Combine(Path, name), WorkFolder);

    public static string OverlayName(InputFile file, int? target) => $"{ResultNames.Overlays}/{NameOf(file, target)}.png";

    public void Dispose()
    {
        try
        {
            Delete(ResultNames.Unfinished);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Takes away what a process left that was killed while it tried to write.</summary>
    private void ForgetProbes()
    {
        foreach (string probe in Directory.GetFiles(Path, $"{ProbePrefix}*"))
        {
            File.Delete(probe);
        }
    }

    /// <summary>Several targets of one image are told apart by the class index.</summary>
    private static string NameOf(InputFile file, int? target) => target is int index ? $"{file.OutputName}-{index}" : file.OutputName;

    private void Delete(string folder)
    {
        string path = System.IO.Path.Combine(Path, folder);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static SKData Encode(MLImage image, SKImageInfo info)
    {
        using SKImage copy = SKImage.FromPixelCopy(info, image.Pixels);
        GC.KeepAlive(image);
        using SKPixmap pixels = copy.PeekPixels();
        return pixels.Encode(Png);
    }
}
