namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.AbsCam.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new AssertInconclusiveException("needs the checkout that the tests were built from");
        }
    }

    /// <returns>The pages that a reader finds: those at the root, in docs, and beside the source.</returns>
    public static string[] Pages() =>
        [.. Directory.GetFiles(Root, "*.md"), .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories), .. Directory.GetDirectories(Path.Combine(Root, "src")).SelectMany(project => Directory.GetFiles(project, "*.md"))];
}
