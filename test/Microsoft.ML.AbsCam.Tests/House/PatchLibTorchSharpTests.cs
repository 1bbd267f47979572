using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.House;

[TestClass]
public sealed class PatchLibTorchSharpTests
{
    private static string PackageFile => Path.Combine(
        typeof(PatchLibTorchSharpTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TorchSharpPackage").Value!,
        "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [TestMethod]
    public void The_copy_asks_for_the_old_symbol_and_differs_in_nothing_else()
    {
        byte[] original = File.ReadAllBytes(PackageFile);
        byte[] copy = PatchLibTorchSharp.Patch(original);

        Assert.AreEqual(original.Length, copy.Length);
        Assert.IsTrue(Contains(original, "GLIBCXX_3.4.32"));
        Assert.IsFalse(Contains(copy, "GLIBCXX_3.4.32"));
        Assert.IsFalse(Contains(copy, "_ZSt21ios_base_library_initv"));
        Assert.IsTrue(Contains(copy, "_ZNSt8ios_base4InitC1Ev"));
        int changed = original.Zip(copy).Count(pair => pair.First != pair.Second);
        int most = "_ZSt21ios_base_library_initv".Length + "GLIBCXX_3.4.32".Length + sizeof(uint);
        Assert.IsTrue(changed > 0 && changed <= most, $"{changed} bytes differ");
    }

    [TestMethod]
    public void The_version_hash_is_that_of_the_ELF_specification()
    {
        // Known from the headers of system libraries: the hash that readelf shows beside these versions.
        Assert.AreEqual(0x08922974u, PatchLibTorchSharp.ElfHash("GLIBCXX_3.4"));
        Assert.AreEqual(0x09691a75u, PatchLibTorchSharp.ElfHash("GLIBC_2.2.5"));
    }

    [TestMethod]
    public void The_package_cache_is_only_read_and_an_existing_copy_is_replaced()
    {
        byte[] before = SHA256.HashData(File.ReadAllBytes(PackageFile));
        using var folder = new TemporaryFolder();
        string old = folder.Write("host.so", "a C++ library of long ago");
        string destination = folder.Write("out/libLibTorchSharp.so", "shared");
        var task = new PatchLibTorchSharp { Source = PackageFile, Destination = destination, HostLibrary = old, BuildEngine = new SilentBuild() };
        Assert.IsTrue(task.Execute());
        Assert.IsFalse(Contains(File.ReadAllBytes(destination), "GLIBCXX_3.4.32"));
        CollectionAssert.AreEqual(before, SHA256.HashData(File.ReadAllBytes(PackageFile)));
    }

    [TestMethod]
    public void Nothing_is_written_where_the_host_has_the_version()
    {
        using var folder = new TemporaryFolder();
        string host = folder.Write("host.so", "GLIBCXX_3.4.31\0GLIBCXX_3.4.32\0");
        string destination = Path.Combine(folder.Path, "libLibTorchSharp.so");
        Assert.IsTrue(new PatchLibTorchSharp { Source = PackageFile, Destination = destination, HostLibrary = host, BuildEngine = new SilentBuild() }.Execute());
        Assert.IsFalse(File.Exists(destination));
    }

    [TestMethod]
    public void A_patched_file_is_refused()
    {
        byte[] patched = PatchLibTorchSharp.Patch(File.ReadAllBytes(PackageFile));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PatchLibTorchSharp.Patch(patched)).Message, "already been patched");
    }

    [TestMethod]
    public void A_file_that_is_not_the_library_is_refused()
    {
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PatchLibTorchSharp.Patch(Encoding.ASCII.GetBytes(new string('x', 200)))).Message, "not a 64-bit");
        byte[] cut = File.ReadAllBytes(PackageFile)[..100_000];
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PatchLibTorchSharp.Patch(cut)).Message, "section table");
    }

    [TestMethod]
    public void A_refusal_fails_the_build_with_the_file_and_a_way_out()
    {
        using var folder = new TemporaryFolder();
        string wrong = folder.Write("libLibTorchSharp.so", "not a library");
        var build = new SilentBuild();
        var task = new PatchLibTorchSharp { Source = wrong, Destination = Path.Combine(folder.Path, "copy.so"), HostLibrary = folder.Write("host.so", "old"), BuildEngine = build };
        Assert.IsFalse(task.Execute());
        StringAssert.Contains(build.Errors.Single(), wrong);
        StringAssert.Contains(build.Errors.Single(), "AbsCamPatchLibTorchSharp");
    }

    /// <summary>Whole strings only: names of symbols for debuggers end in a version, and nobody loads by them.</summary>
    private static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes("\0" + text + "\0")) >= 0;

    private sealed class SilentBuild : IBuildEngine
    {
        public List<string> Errors { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "";

        public bool BuildProjectFile(string projectFileName, string[] targetNames, System.Collections.IDictionary globalProperties, System.Collections.IDictionary targetOutputs) => false;

        public void LogCustomEvent(CustomBuildEventArgs e)
        {
        }

        public void LogErrorEvent(BuildErrorEventArgs e) => Errors.Add(e.Message ?? "");

        public void LogMessageEvent(BuildMessageEventArgs e)
        {
        }

        public void LogWarningEvent(BuildWarningEventArgs e)
        {
        }
    }
}
