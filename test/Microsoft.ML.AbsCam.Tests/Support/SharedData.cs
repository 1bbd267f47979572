namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Networks, images and reference numbers that lie beside the repository and never in it.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder under ../shared; the test is skipped, visibly, where it is absent.</summary>
    public static string PathOrSkip(params string[] parts)
    {
        string relative = Path.Combine(parts);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.AbsCam.sln")))
            {
                continue;
            }

            string path = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", relative));
            if (Path.Exists(path))
            {
                return path;
            }
        }

        throw new AssertInconclusiveException($"needs ../shared/{relative.Replace('\\', '/')}");
    }
}
