using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Tests.House;

[TestClass]
public sealed class OutputFolderTests
{
    [TestMethod]
    public void Native_files_are_of_this_platform_only()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string own = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string runtimes = Path.Combine(AppContext.BaseDirectory, "runtimes");
        string[] platforms = [.. Directory.EnumerateFiles(runtimes, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(runtimes, file).Split(Path.DirectorySeparatorChar)[0])
            .Distinct()];
        CollectionAssert.Contains(platforms, own);
        CollectionAssert.IsSubsetOf(platforms, (string[])[own, system, "unix", "any"]);
        Assert.IsNotEmpty(Directory.GetFiles(Path.Combine(runtimes, own, "native"), "*onnxruntime*"), "ONNX Runtime is one of those that bring all platforms'");
    }
}
