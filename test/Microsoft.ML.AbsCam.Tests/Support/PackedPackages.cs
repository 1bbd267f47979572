using System.IO.Compression;
using System.Xml.Linq;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The library's packages, made of what was built for these tests, in a folder that NuGet can take as a source.</summary>
internal sealed class PackedPackages : IDisposable
{
    private static readonly Lazy<PackedPackages> AsTheyAre = new(() =>
    {
        var packed = new PackedPackages();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => packed.Dispose();
        return packed;
    });

    private readonly TemporaryFolder _folder = new();

    /// <param name="properties">What is set beside what the repository says, as NAME=VALUE.</param>
    public PackedPackages(params string[] properties)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string projects = string.Join(';', Projects.Select(project => System.IO.Path.Combine(Repository.Root, "src", project, project + ".csproj")));

        // Both at once: most of what a pack takes is the start of the build.
        string both = _folder.Write("both.proj", $"""<Project><Target Name="Pack"><MSBuild Projects="{projects}" Targets="Pack" /></Target></Project>""");
        (int exitCode, string output, _) = DotnetCommand.Run(Repository.Root, ["pack", both, "--configuration", configuration, "--no-build", "--output", Path, "-verbosity:quiet", "-nologo", .. properties.Select(property => $"-property:{property}")]);
        Assert.AreEqual(0, exitCode, output);
    }

    /// <summary>Those of the repository as it is, packed once for all tests; nobody disposes them.</summary>
    public static PackedPackages Usual => AsTheyAre.Value;

    private static string[] Projects => ["Microsoft.ML.AbsCam", "Microsoft.ML.AbsCam.Onnx"];

    public string Path => _folder.Path;

    /// <returns>The package's description and its files by their names.</returns>
    public (XElement Metadata, Dictionary<string, string> Texts) Read(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(System.IO.Path.Combine(Path, $"{id}.{Version}.nupkg"));
        Dictionary<string, string> texts = package.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        });
        return (XDocument.Parse(texts[$"{id}.nuspec"]).Root!.Elements().Single(element => element.Name.LocalName == "metadata"), texts);
    }

    /// <summary>The version in the repository, which all packages have.</summary>
    public static string Version { get; } = XDocument.Load(System.IO.Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

    public void Dispose() => _folder.Dispose();
}
