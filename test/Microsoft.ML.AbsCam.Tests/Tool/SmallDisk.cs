using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>A folder on a file system of its own, with little room. A test is skipped, visibly, where none can be made.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    /// <param name="folder">Where it is; made if need be.</param>
    /// <param name="kilobytes">Its room.</param>
    public SmallDisk(string folder, int kilobytes)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "none", folder))
        {
            Assert.Inconclusive("needs the right to mount a small file system");
        }
    }

    public void Resize(int kilobytes) => Assert.IsTrue(Run("mount", "-o", $"remount,size={kilobytes}k", _folder));

    public void Dispose() => Assert.IsTrue(Run("umount", _folder));

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
