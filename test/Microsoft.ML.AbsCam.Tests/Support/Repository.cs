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
}
