namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --truth says that pictures show.</summary>
internal static class ShownClasses
{
    /// <param name="text">'folder', @FILE.csv, or null where nobody says.</param>
    /// <returns>From a file to its class as it is written, null where nobody says of this one; null where nobody says of any.</returns>
    /// <exception cref="UsageException">It is something else, or the file cannot be read.</exception>
    public static Func<InputFile, string?>? Find(string? text)
    {
        switch (text)
        {
            case null:
                return null;
            case "folder":
                return file => new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(file.Path))!).Name;
            case ['@', .. string path]:
                Dictionary<string, string> classes = ClassFile.Read("--truth", path);
                return file => classes.GetValueOrDefault(file.Name);
            default:
                throw new UsageException($"--truth {text}: 'folder' or @FILE.csv is expected.");
        }
    }
}
