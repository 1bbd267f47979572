using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>Photos under the maps of both runs, of the pictures that show a finding most, where photos are still where a run found them.</summary>
internal sealed class DiffPictures(FinishedRun first, FinishedRun second)
{
    private const int Shown = 3;

    private readonly Dictionary<string, FinishedRow> _firsts = RowsOf(first);
    private readonly Dictionary<string, FinishedRow> _seconds = RowsOf(second);

    public IReadOnlyList<AuditPicture> Of(AuditFinding finding) => [.. finding.RowNames.Take(Shown).Zip(finding.Rows).Select(pair => Of(pair.First, pair.Second)).OfType<AuditPicture>()];

    private AuditPicture? Of(string name, long position)
    {
        (FinishedRow one, FinishedRow other) = (_firsts[name], _seconds[name]);
        if ((FinishedPhotos.StillThere(one) ?? FinishedPhotos.StillThere(other)) is not { } path || first.Preprocessing is not { } seen || second.Preprocessing is not { } otherwise)
        {
            return null;
        }

        try
        {
            using MLImage photo = ImageFile.Load(path);
            string caption = string.Create(CultureInfo.InvariantCulture, $"{name}: '{one.ClassName}' by {one.Answer.Probability:0.00} in the first, '{other.ClassName}' by {other.Answer.Probability:0.00} in the second");
            return new AuditPicture(caption, position, Drawn(first, one, path, photo, seen), Drawn(second, other, path, photo, otherwise));
        }
        catch (ImageFileException)
        {
            return null;
        }
    }

    private static MLImage Drawn(FinishedRun run, FinishedRow row, string path, MLImage photo, ImagePreprocessing seen)
    {
        if (!row.IsExplained)
        {
            return ImageFile.Load(path);
        }

        KeptMap map = run.Maps.Read(row);
        return SaliencyOverlay.Draw(photo, map.Values, map.Height, map.Width, seen);
    }

    private static Dictionary<string, FinishedRow> RowsOf(FinishedRun run) => run.Rows.DistinctBy(row => row.Name).ToDictionary(row => row.Name, StringComparer.Ordinal);
}
