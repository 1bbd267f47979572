using System.Diagnostics;
using System.Net.Sockets;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Things that have a path and are no regular files. On Linux only; elsewhere the test is skipped.</summary>
internal static class SpecialFile
{
    public const string EndlessDevice = "/dev/zero";

    /// <summary>A pipe that nobody writes to: who opens it to read waits.</summary>
    public static string Pipe(string folder, string name)
    {
        Need();
        string path = Path.Combine(folder, name);
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, "mkfifo");
        return path;
    }

    /// <summary>A socket that was bound and left behind.</summary>
    public static string Socket(string folder, string name)
    {
        Need();
        string path = Path.Combine(folder, name);

        // Disposing it removes the name that it was bound to, and it has another by then.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
        File.Move(path + ".bound", path);
        return path;
    }

    public static void Need()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new AssertInconclusiveException("needs the pipes and devices of Linux");
        }
    }
}
