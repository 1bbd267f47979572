using System.Globalization;
using System.Reflection;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool;

/// <summary>What results name as the program that they come from: this command, and what else decides numbers.</summary>
internal static class ProgramVersion
{
    private const int RevisionDigits = 8;

    /// <summary>For people, on pages and by --version: released versions, and a few digits of the revision.</summary>
    public static string Text { get; } = string.Join(", ", Components().Select(component => $"{component.Name} {Short(component.Version)}"));

    /// <summary>For journals: a run is gone on with, and parts are merged, where all of it is the same or known to change no number.</summary>
    public static IReadOnlyDictionary<string, string> Identity { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [$"{VersionPrefix}library"] = Informational(typeof(ImageNetwork).Assembly),
        [$"{VersionPrefix}libtorch file"] = LibTorchFile(),
    }.Concat(Components().Select(component => KeyValuePair.Create(VersionPrefix + component.Name, component.Version))).ToDictionary();

    private static string VersionPrefix => CompatibleVersions.Prefix;

    private static (string Name, string Version)[] Components() =>
    [
        ("abscam", Informational(typeof(ProgramVersion).Assembly)),
        ("ONNX Runtime", OrtEnv.Instance().GetVersionString()),
        ("TorchSharp", Informational(typeof(TorchSharp.torch).Assembly)),
        ("libtorch", typeof(ProgramVersion).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "libtorch")?.Value ?? "unknown"),
        ("SkiaSharp", $"{Informational(typeof(SKBitmap).Assembly)}/{SkiaSharpVersion.Native}"),
    ];

    /// <summary>The assembly's own version is frozen, since ML.NET looks for it by the full name.</summary>
    private static string Informational(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A release, and of what it was built from a few digits; or of a native file, nothing.</summary>
    private static string Short(string version)
    {
        int revision = version.IndexOf('+', StringComparison.Ordinal) + 1;
        return revision > 0 ? version[..Math.Min(revision + RevisionDigits, version.Length)] : version.Split('-', '/')[0];
    }

    /// <summary>libtorch does not say its version, and whoever builds the command may put another's file in its place. Builds differ in length.</summary>
    private static string LibTorchFile()
    {
        string name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        string[] folders = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES"))?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];
        FileInfo? file = folders.Append(AppContext.BaseDirectory).Select(folder => new FileInfo(Path.Combine(folder, name))).FirstOrDefault(file => file.Exists);
        file = file?.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return file is null ? "unknown" : string.Create(CultureInfo.InvariantCulture, $"{name} of {file.Length} bytes");
    }
}
