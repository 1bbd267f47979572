using System.Diagnostics;
using System.Text;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>The command in a folder of its own, which differs from the one under test by a file: links to the rest cost nothing.</summary>
internal sealed class OtherBuild
{
    private readonly string _folder;

    /// <param name="folder">Where it is made.</param>
    public OtherBuild(string folder)
    {
        _folder = folder;
        Link(AppContext.BaseDirectory, folder);
    }

    /// <summary>Makes an assembly say that it is another version, of the same length.</summary>
    public void Release(string file, string version, string other)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file));
        int place = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(version));
        Assert.IsGreaterThan(0, place, $"{file} does not say {version}");
        Encoding.UTF8.GetBytes(other).CopyTo(bytes, place);
        File.Delete(Path.Combine(_folder, file));
        File.WriteAllBytes(Path.Combine(_folder, file), bytes);
    }

    /// <summary>Takes a file away, wherever it is.</summary>
    public void Remove(string file)
    {
        foreach (string path in Directory.GetFiles(_folder, file, SearchOption.AllDirectories))
        {
            File.Delete(path);
        }
    }

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(_folder, "abscam.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, errors);
    }

    private static void Link(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.GetDirectories(from))
        {
            Link(folder, Path.Combine(to, Path.GetFileName(folder)));
        }

        foreach (string file in Directory.GetFiles(from))
        {
            string link = Path.Combine(to, Path.GetFileName(file));
            if (Path.GetFileName(file) is "abscam.dll")
            {
                // The host looks for all else where this one is.
                File.Copy(file, link);
            }
            else
            {
                File.CreateSymbolicLink(link, file);
            }
        }
    }
}
