using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>This program again, in a process of its own.</summary>
internal static class Self
{
    // The host is dotnet or the program itself.
    private static string[] Command => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? [path] : ["dotnet", typeof(Self).Assembly.Location];

    public static Process Start(params string[] arguments) => Process.Start(Command[0], [.. Command[1..], .. arguments])!;

    /// <summary>One whose output is read.</summary>
    public static Process StartRead(params string[] arguments) => Process.Start(new ProcessStartInfo(Command[0], [.. Command[1..], .. arguments]) { RedirectStandardOutput = true })!;
}
