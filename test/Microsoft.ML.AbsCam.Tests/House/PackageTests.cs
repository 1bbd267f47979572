using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

/// <summary>What the packages say about themselves and bring with them.</summary>
[TestClass]
public sealed partial class PackageTests
{
    private const string Id = "Microsoft.ML.AbsCam";

    [TestMethod]
    public void A_package_has_an_icon_notes_symbols_and_no_address_that_nobody_set()
    {
        PackedPackages packages = PackedPackages.Usual;
        (XElement metadata, Dictionary<string, string> texts) = packages.Read(Id);
        Assert.AreEqual("icon.png", Value(metadata, "icon"));
        StringAssert.Contains(texts["icon.png"], "PNG");
        StringAssert.Contains(Value(metadata, "releaseNotes"), "mlContext.Transforms.AbsCam");
        Assert.IsFalse(metadata.Elements().Any(element => element.Name.LocalName == "projectUrl"));
        Assert.IsNull(metadata.Elements().Single(element => element.Name.LocalName == "repository").Attribute("url"));
        Assert.IsEmpty(RelativeLink().Matches(texts["README.md"]), "in a package there is nothing beside the readme");
        StringAssert.Contains(texts["README.md"], "mlContext.Transforms.AbsCam");
        Assert.IsTrue(File.Exists(Path.Combine(packages.Path, $"{Id}.{PackedPackages.Version}.snupkg")));
        Assert.IsTrue(texts.ContainsKey($"buildTransitive/{Id}.targets"));
    }

    [TestMethod]
    public void Under_another_id_and_with_an_address_names_and_links_follow()
    {
        const string Own = "Own.AbsCam";
        using var packages = new PackedPackages($"AbsCamPackageId={Own}", "AbsCamProjectUrl=https://example.org/own/abscam");
        (XElement metadata, Dictionary<string, string> texts) = packages.Read(Own);
        Assert.AreEqual(Own, Value(metadata, "id"));
        Assert.AreEqual("https://example.org/own/abscam", Value(metadata, "projectUrl"));
        Assert.IsTrue(texts.ContainsKey($"buildTransitive/{Own}.targets"), "NuGet imports the file that has the package's name");
        Assert.IsTrue(texts.ContainsKey($"lib/net10.0/{Id}.dll"), "the assembly keeps its name");
        Assert.IsEmpty(RelativeLink().Matches(texts["README.md"]));
        StringAssert.Contains(texts["README.md"], "(https://example.org/own/abscam/blob/HEAD/docs/operate/packaging.md)");

        // The library asks for the importer by the name that restoring writes down, and this packs without restoring.
        Assert.AreEqual($"{Own}.Onnx", Value(packages.Read($"{Own}.Onnx").Metadata, "id"));
    }

    [TestMethod]
    public void A_readme_keeps_addresses_and_headings_and_finds_its_folder()
    {
        const string Text = "[a](docs/a.md#b) ![p](docs/p.webp) [c](https://c.org/d) [e](#e)";
        Assert.AreEqual("a  [c](https://c.org/d) [e](#e)", PackageTexts.ReadmeOf(Text, "", ""));
        Assert.AreEqual(
            "[a](https://x.org/y/blob/HEAD/docs/a.md#b) ![p](https://x.org/y/raw/HEAD/docs/p.webp) [c](https://c.org/d) [e](#e)",
            PackageTexts.ReadmeOf(Text, "https://x.org/y/", ""));
        Assert.AreEqual("[a](https://x.org/y/blob/HEAD/docs/a.md)", PackageTexts.ReadmeOf("[a](../../docs/a.md)", "https://x.org/y", "src/Z"));
    }

    [TestMethod]
    public void Release_notes_are_the_versions_own_section()
    {
        const string Changelog = "# Changelog\n\n## [Unreleased]\nNothing yet.\n\n## [0.2.0] - 2030-01-01\n### Added\n- b\n\n## [0.1.0]\n- a\n";
        Assert.AreEqual("### Added\n- b", PackageTexts.NotesOf(Changelog, "0.2.0"));
        Assert.AreEqual("- a", PackageTexts.NotesOf(Changelog, "0.1.0-preview.1+abc"));
        Assert.IsNull(PackageTexts.NotesOf(Changelog, "0.3.0"));
    }

    [TestMethod]
    public void The_warning_names_the_libtorch_that_the_repository_uses()
    {
        string targets = File.ReadAllText(Directory.GetFiles(Path.Combine(Repository.Root, "src"), "Microsoft.ML.AbsCam*.targets", SearchOption.AllDirectories).Single(file => file.Contains("buildTransitive", StringComparison.Ordinal) && !file.Contains("obj", StringComparison.Ordinal)));
        string pinned = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Single(package => package.Attribute("Include")!.Value == "libtorch-cpu-linux-x64").Attribute("Version")!.Value;
        StringAssert.Contains(targets, $"<_AbsCamLibTorchVersion>{pinned}</_AbsCamLibTorchVersion>");
        StringAssert.Contains(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), $"dotnet add package libtorch-cpu-linux-x64 --version {pinned}");
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    [GeneratedRegex(@"\]\((?![a-z]+:|#)")]
    private static partial Regex RelativeLink();
}
