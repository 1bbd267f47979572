using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>Names outputs after inputs: without the extension, unless that would make two the same; each fits a file system, and none is another's folder.</summary>
internal static partial class OutputNames
{
    public static List<InputFile> Of(IReadOnlyList<(string Path, string Name)> files)
    {
        // Windows and macOS hold names alike that differ in case.
        var uses = files.Select(file => Plain(file.Name)).CountBy(name => name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var folders = files.SelectMany(file => FoldersOf(file.Name)).Select(folder => Result().Match(folder)).Where(result => result.Success).SelectMany(result => (string[])[result.Groups["all"].Value, result.Groups["name"].Value]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var named = new List<InputFile>(files.Count);
        foreach ((string path, string name) in files)
        {
            string wanted = FileNames.Fitting(uses[Plain(name)] == 1 ? Plain(name) : name);
            string output = wanted;
            for (int i = 2; folders.Contains(output) || !taken.Add(output); i++)
            {
                output = $"{wanted}-{i}";
            }

            named.Add(new InputFile(path, name, output));
        }

        return named;
    }

    private static string Plain(string name) => Path.ChangeExtension(name, null);

    /// <summary>The folders that the outputs of a file lie in.</summary>
    private static IEnumerable<string> FoldersOf(string name)
    {
        string fitting = FileNames.Fitting(name);
        for (int end = fitting.LastIndexOf('/'); end > 0; end = fitting.LastIndexOf('/', end - 1))
        {
            yield return fitting[..end];
        }
    }

    /// <summary>A folder that is called as a result: the map of 'a' is a file 'a.npy', and the photo 'a.npy/b.png' would want a folder of that name.</summary>
    [GeneratedRegex(@"^(?<all>(?<name>.*?)(-[0-9]+)?)\.(npy|png)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Result();
}
