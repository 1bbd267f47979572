using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Journal;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Finished;

/// <summary>A run of 'explain' that is over, as its folder has it.</summary>
internal sealed class FinishedRun
{
    private static readonly string[] OtherTargets = ["contrast:", "output:", "region:", "box:", "similar:"];

    private FinishedRun(string folder, RunJournal journal)
    {
        (Folder, Identity, Layer) = (folder, journal.FirstRun!.Identity, journal.FirstRun.Layer);
        Rows = [.. journal.Rows().Select(RowOf)];
        Maps = new FinishedMaps(folder, Rows, [.. journal.Parts()]);
    }

    public string Folder { get; }

    /// <summary>What its results depend on, by name.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; }

    /// <summary>The explained layers, as results name them.</summary>
    public string Layer { get; }

    /// <summary>Its pictures, in the order of the files.</summary>
    public IReadOnlyList<FinishedRow> Rows { get; }

    public FinishedMaps Maps { get; }

    /// <summary>Whether the first class of each picture is the one that the network gives it, and none that somebody named.</summary>
    public bool IsPrediction => !Identity.TryGetValue("target", out string? target)
        || ((string[])["predicted", string.Create(CultureInfo.InvariantCulture, $"top:{Rows.Max(row => row.Targets)}")]).Any(text => TargetSyntax.IdentityOf(text) == target);

    /// <summary>Whether the folder holds a run of 'explain', whole or in parts, over or not.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, ResultNames.Journal)) || PartFolders.Find(folder).Count > 0;

    /// <exception cref="UsageException">There is no such run, or none that is over.</exception>
    public static FinishedRun Open(string folder)
    {
        string path = Path.Combine(folder, ResultNames.Journal);
        if (!File.Exists(path))
        {
            throw new UsageException(PartFolders.Find(folder).Count > 0
                ? $"'{folder}' holds the parts of a run, which are not joined yet. Join them by 'abscam merge {folder}' first."
                : $"'{folder}' holds no run of 'abscam explain': it has no '{ResultNames.Journal}'. Give the folder that was given to it with --output.");
        }

        using var journal = new RunJournal(path);
        if (journal.FirstRun is null || journal.Damages.Count > 0)
        {
            throw new UsageException($"The journal of the run in '{folder}' is damaged{(journal.Damages.Count > 0 ? $" ({journal.Damages[0]})" : "")}. The command that made the run mends it with --resume.");
        }

        return journal.End is not null
            ? new FinishedRun(folder, journal)
            : throw new UsageException($"The run in '{folder}' is not over: {journal.Count} of {journal.Run!.Count} images are done. The command that began it goes on with --resume.");
    }

    /// <summary>What was explained: <c>predicted</c>, <c>top:K</c>, a class, or a hash of the file that says one a picture; of several questions, the first, whose answer stands first in the rows.</summary>
    public string Target => Identity.GetValueOrDefault("target", "predicted").Split('\n')[0];

    /// <summary>How photos became the network's input; null where the run does not say.</summary>
    public ImagePreprocessing? Preprocessing => Identity.GetValueOrDefault("preprocessing") is { } text ? JsonSerializer.Deserialize<ImagePreprocessing>(text) : null;

    /// <exception cref="UsageException">It explains something else.</exception>
    public void CheckThatItExplainsClasses()
    {
        if (Array.Exists(OtherTargets, kind => Target.StartsWith(kind, StringComparison.Ordinal)))
        {
            throw new UsageException($"The run in '{Folder}' explains no classes by themselves (its --target is of the kind '{Target[..Target.IndexOf(':', StringComparison.Ordinal)]}'), and classes are looked at. Explain the photos for the predicted class, into another --output.");
        }
    }

    private FinishedRow RowOf(JournalRow row) => new(row.Key, row.Place, row.Image, row.Batch, row.Targets[0])
    {
        Targets = row.Targets.Count,
        Truth = row.Plate?.Truth,
        Photo = row.Plate?.File is { } photo ? Path.Combine(Folder, photo) : null,
    };
}
