using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The folder that results go to, and the names of the files in it.</summary>
internal sealed class OutputFolder
{
    private const string Maps = "maps";
    private const string Overlays = "overlays";

    /// <exception cref="UsageException">The folder cannot be made or written to.</exception>
    public OutputFolder(string path)
    {
        Path = path;
        try
        {
            Directory.CreateDirectory(path);
            string probe = System.IO.Path.Combine(path, ".write-test");
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

    /// <returns>The file's name below the folder, with forward slashes.</returns>
    public string SaveMap(InputFile file, int? target, ReadOnlySpan<float> map, int height, int width)
    {
        string name = $"{Maps}/{NameOf(file, target)}.npy";
        NpyFile.Write(Prepare(name), map, height, width);
        return name;
    }

    public void SaveOverlay(InputFile file, int? target, MLImage overlay) => overlay.Save(Prepare(OverlayName(file, target)));

    public static string OverlayName(InputFile file, int? target) => $"{Overlays}/{NameOf(file, target)}.png";

    /// <summary>Several targets of one image are told apart by the class index.</summary>
    private static string NameOf(InputFile file, int? target) => target is int index ? $"{file.OutputName}-{index}" : file.OutputName;

    private string Prepare(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }
}
