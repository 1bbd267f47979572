using System.Reflection;
using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>Results of two programs are not mixed, whatever a program's assemblies are called.</summary>
[TestClass]
public class VersionTests : CommandTest
{
    private static readonly string Library = typeof(ImageNetwork).Assembly.GetName().Name + ".dll";

    [TestMethod]
    public async Task A_build_of_another_version_neither_goes_on_nor_is_merged()
    {
        NeedsLinks();
        (string version, string other) = Versions(typeof(ProgramVersion).Assembly);
        (string ofLibrary, string otherOfLibrary) = Versions(typeof(ImageNetwork).Assembly);
        var build = new OtherBuild(At("build"));
        build.Release("abscam.dll", version, other);
        build.Release(Library, ofLibrary, otherOfLibrary);

        Spot("photos/0.png");
        Spot("photos/1.png");
        string[] explain = ["explain", At("photos"), "--model", Model(), "--output", Output, "--phase", "initial", "--batch", "1", .. BrightnessNetwork.Options];
        Assert.AreEqual(0, (await RunAsync([.. explain, "--shard", "0/2"])).ExitCode);

        CommandResult refused = await build.RunAsync([.. explain, "--shard", "0/2", "--resume"]);
        Refused(refused, "holds another run (other ");
        StringAssert.Contains(refused.Errors, $"version of abscam ({version} and {other})");
        StringAssert.Contains(refused.Errors, $"version of library ({ofLibrary} and {otherOfLibrary})");

        CommandResult part = await build.RunAsync([.. explain, "--shard", "1/2"]);
        Assert.AreEqual(0, part.ExitCode, part.Errors);
        CommandResult merged = await RunAsync("merge", Output);
        Refused(merged, "was made with another ");
        StringAssert.Contains(merged.Errors, "version of abscam (");
        StringAssert.Contains(merged.Errors, "version of library (");
    }

    [TestMethod]
    public async Task The_version_that_is_asked_for_is_the_one_on_pages()
    {
        CommandResult result = await RunAsync("--version");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        Spot("photos/0.png");
        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        StringAssert.Contains(File.ReadAllText(At("out", "index.html")), System.Net.WebUtility.HtmlEncode(result.Output.Trim()));
        StringAssert.StartsWith(result.Output, $"abscam {Informational(typeof(ProgramVersion).Assembly)[..5]}");
        foreach (string component in new[] { "ONNX Runtime", "TorchSharp", "libtorch", "SkiaSharp" })
        {
            StringAssert.Contains(result.Output, $", {component} ");
        }

        Assert.IsFalse(result.Output.Contains("unknown", StringComparison.Ordinal), result.Output);
        Assert.IsFalse(ProgramVersion.Identity.Values.Contains("unknown"), string.Join(", ", ProgramVersion.Identity));
    }

    [TestMethod]
    public void Versions_that_change_no_number_are_let_through_by_a_list()
    {
        var list = CompatibleVersions.Read("# remark\nabscam: 0.1.0 0.1.1\nONNX Runtime: 1.31.0 1.31.1\n");
        Assert.IsEmpty(RunIdentity.Differences(Identity("0.1.0+abc", "1.31.1"), Identity("0.1.1+def", "1.31.0"), list));
        CollectionAssert.AreEqual((string[])["version of abscam (0.1.0 and 0.1.2)"], RunIdentity.Differences(Identity("0.1.0", "1.31.1"), Identity("0.1.2", "1.31.1"), list));
        CollectionAssert.AreEqual((string[])["version of ONNX Runtime (1.31.1 and 1.32.0)"], RunIdentity.Differences(Identity("0.1.0", "1.31.1"), Identity("0.1.1", "1.32.0"), list));
        Assert.HasCount(1, RunIdentity.Differences(Identity("0.1.0+abc", "1.31.1"), Identity("0.1.0+def", "1.31.1"), CompatibleVersions.Known), "a revision is another program until somebody has looked");

        static Dictionary<string, string> Identity(string abscam, string runtime) => new() { ["version of abscam"] = abscam, ["version of ONNX Runtime"] = runtime };
    }

    [TestMethod]
    public async Task What_nobody_foresaw_has_an_exit_code_of_its_own()
    {
        NeedsLinks();
        var build = new OtherBuild(At("build"));
        build.Remove("libonnxruntime.so");
        CommandResult result = await build.RunAsync("explain", Spot("a.png"), "--model", Model(), "--output", Output, "--engine", "onnxruntime");
        Assert.AreEqual(ExitCodes.Unforeseen, result.ExitCode, result.Errors);
        StringAssert.StartsWith(result.Errors, "abscam: something unforeseen happened (");
    }

    private static (string Own, string Other) Versions(Assembly assembly)
    {
        string own = Informational(assembly);
        string other = "0.0.9" + own[5..];
        Assert.AreNotEqual(own, other);
        return (own, other);
    }

    private static void NeedsLinks()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Inconclusive("makes links, and takes a Linux library away");
        }
    }

    private static string Informational(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
