using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Finished;

/// <summary>Finds the photos of a finished run: where it found them, or where somebody says they are now.</summary>
internal sealed class FinishedPhotos(FinishedRun run)
{
    /// <param name="places">Files, folders and patterns; null for where the run found them.</param>
    /// <param name="passedOver">Counts the files of folders that are not taken.</param>
    /// <returns>A file for each of the run's rows, in their order.</returns>
    /// <exception cref="UsageException">A photo is missing.</exception>
    public IReadOnlyList<InputFile> Find(string[]? places, PassedOver passedOver)
    {
        Func<FinishedRow, string?> find = places is null ? row => row.Photo : Among(places, passedOver);
        InputFile?[] files = [.. run.Rows.Select(row => find(row) is { } path && File.Exists(path) ? new InputFile(path, row.Name, row.Key) { Place = row.Place } : null)];
        int missing = files.Count(file => file is null);
        if (missing == 0)
        {
            return files!;
        }

        string first = run.Rows[Array.IndexOf(files, null)].Name;
        throw new UsageException(places is not null
            ? $"--photos: {missing} of the {files.Length} photos of the run in '{run.Folder}' are not among these, such as '{first}'. Give what was given to 'abscam explain', so that photos have the names that they have there."
            : $"{missing} of the {files.Length} photos of the run in '{run.Folder}' are not where it found them, such as '{first}'. Say where they are with --photos, given as to 'abscam explain'.");
    }

    /// <summary>The photo of a row where the run found it; null where it is not there any more.</summary>
    public static string? StillThere(FinishedRow row) => File.Exists(row.Photo) ? row.Photo : null;

    private Func<FinishedRow, string?> Among(string[] places, PassedOver passedOver)
    {
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (InputFile file in InputFiles.Find(places, run.Folder, passedOver))
        {
            if (!paths.TryAdd(file.Name, file.Path))
            {
                throw new UsageException($"--photos: two photos are called '{file.Name}' ('{paths[file.Name]}' and '{file.Path}'), and nothing tells which of them the run explained. Give the folder that holds both.");
            }
        }

        return row => paths.GetValueOrDefault(row.Name);
    }
}
