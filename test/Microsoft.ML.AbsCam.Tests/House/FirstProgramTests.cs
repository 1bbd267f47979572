using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>Whoever pastes the README's first program after its package lines gets what it says.</summary>
[TestClass]
public sealed partial class FirstProgramTests
{
    private const string Whole = "First";
    private const string Bare = "Bare";

    [TestMethod]
    public void The_readmes_program_runs_as_pasted_and_without_libtorch_says_what_to_add_or_explains_a_baked_file()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        (string Id, string Version)[] packages = [.. PackageLine().Matches(readme).Select(line => (line.Groups["id"].Value, line.Groups["version"] is { Length: > 0 } named ? named.Value : PackedPackages.Version))];
        Assert.HasCount(1, packages.Where(package => package.Id.StartsWith("libtorch", StringComparison.Ordinal)).ToArray());

        PackedPackages feed = PackedPackages.Usual;
        using var folder = new TemporaryFolder();
        folder.Write("nuget.config", $"""<configuration><packageSources><clear /><add key="packed" value="{feed.Path}" /></packageSources></configuration>""");
        WriteDemo(folder);
        foreach ((string name, bool isWhole) in ((string, bool)[])[(Whole, true), (Bare, false)])
        {
            WriteProject(folder, name, packages.Where(package => isWhole || !package.Id.StartsWith("libtorch", StringComparison.Ordinal)));
            folder.Write($"{name}/Program.cs", Program().Match(readme).Groups["code"].Value);
        }

        // Without the second line: a warning, and one sentence.
        string[] warnings = [.. Build(folder).Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal))];
        Assert.IsNotEmpty(warnings);
        foreach (string warning in warnings)
        {
            StringAssert.Contains(warning, "warning ABSCAM001");
            StringAssert.Contains(warning, "<PackageReference Include=\"libtorch-cpu-");
            StringAssert.Contains(warning, $"{Bare}.csproj");
        }

        (int failed, string said, string complaint) = Run(folder, Bare);
        Assert.AreNotEqual(0, failed);
        Assert.AreEqual("", said);
        StringAssert.Contains(complaint, $"{nameof(LibTorchNotFoundException)}: libtorch, the native library that TorchSharp computes with, is not in this application: add <PackageReference Include=\"libtorch-cpu-");
        Assert.IsFalse(complaint.Contains("TypeInitializationException", StringComparison.Ordinal), complaint);

        // With the explanation in the model file, the same program needs no libtorch.
        Assert.IsFalse(Directory.EnumerateFiles(Path.Combine(folder.Path, Bare, "bin"), "*torch_cpu*", SearchOption.AllDirectories).Any());
        WriteBaked(folder);
        Explains(folder, Bare);

        WriteDemo(folder);
        Explains(folder, Whole);
    }

    private static void Explains(TemporaryFolder folder, string name)
    {
        (int exitCode, string output, string error) = Run(folder, name);
        Assert.AreEqual(0, exitCode, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] pictures = Directory.GetFiles(Path.Combine(folder.Path, "abscam-demo", "pictures"), "*.png").Order(StringComparer.Ordinal).ToArray();
        Assert.HasCount(pictures.Length, lines, output);
        foreach ((string line, string picture) in lines.Zip(pictures))
        {
            StringAssert.StartsWith(line, $"{Path.GetFileName(picture)}: {Path.GetFileNameWithoutExtension(picture)} (");
        }
    }

    /// <summary>What <c>abscam demo</c> leaves, with three pictures.</summary>
    private static void WriteDemo(TemporaryFolder folder)
    {
        string demo = Directory.CreateDirectory(Path.Combine(folder.Path, "abscam-demo", "pictures")).Parent!.FullName;
        File.WriteAllBytes(Path.Combine(demo, "demo.onnx"), DemoNetwork.ReadOnnx());
        File.WriteAllLines(Path.Combine(demo, "demo-labels.txt"), DemoNetwork.Classes);
        foreach (DemoScene scene in DemoScenes.HeldOut(3))
        {
            File.WriteAllBytes(Path.Combine(demo, "pictures", scene.ClassName + ".png"), scene.EncodePng());
        }
    }

    private static void WriteBaked(TemporaryFolder folder)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        using FileStream file = File.Create(Path.Combine(folder.Path, "abscam-demo", "demo.onnx"));
        network.Bake(file);
    }

    // As dotnet new console makes it. Links instead of copies: libtorch is half a gigabyte.
    private static void WriteProject(TemporaryFolder folder, string name, IEnumerable<(string Id, string Version)> packages) => folder.Write($"{name}/{name}.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
            <RestorePackagesPath>$(MSBuildProjectDirectory)/../packages</RestorePackagesPath>
            <NuGetAudit>false</NuGetAudit>
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", packages.Select(package => $"""<PackageReference Include="{package.Id}" Version="{package.Version}" />"""))}
          </ItemGroup>
        </Project>
        """);

    // Both at once: most of what a build takes is its start.
    private static string Build(TemporaryFolder folder)
    {
        folder.Write("both.slnx", $"""<Solution><Project Path="{Bare}/{Bare}.csproj" /><Project Path="{Whole}/{Whole}.csproj" /></Solution>""");
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        (int exitCode, string output, _) = DotnetCommand.Run(folder.Path, ["build", "both.slnx", "-nologo", "-verbosity:quiet", "-maxCpuCount:1", "-property:UseSharedCompilation=false", "-property:RunAnalyzers=false", $"-property:RestoreFallbackFolders={cache}"]);
        if (Missing().Match(output) is { Success: true } missing && !missing.Groups["id"].Value.StartsWith("Microsoft.ML.AbsCam", StringComparison.Ordinal))
        {
            Assert.Inconclusive($"needs the package {missing.Groups["id"].Value} in NuGet's cache");
        }

        Assert.AreEqual(0, exitCode, output);
        return output;
    }

    // No package is at hand but those in the application's own folder.
    private static (int ExitCode, string Output, string Error) Run(TemporaryFolder folder, string name) =>
        DotnetCommand.Run(folder.Path, [Directory.GetFiles(Path.Combine(folder.Path, name, "bin"), name + ".dll", SearchOption.AllDirectories).Single()], packages: folder.Path);

    [GeneratedRegex(@"^dotnet add package (?<id>\S+)( --version (?<version>\S+))?$", RegexOptions.Multiline)]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"NU1101: Unable to find package (?<id>[^\s.]+(\.[^\s.]+)*)\.")]
    private static partial Regex Missing();
}
