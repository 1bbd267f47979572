using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>The folder of an audit: findings as text and as JSON, and a folder of pictures for each finding.</summary>
internal sealed class FindingsFolder : IDisposable
{
    public const string Json = ResultNames.Findings;
    public const string Text = "findings.txt";
    private const string Pictures = "findings";

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly OutputFolder _folder;

    /// <exception cref="UsageException">The folder cannot be written to, or holds other results.</exception>
    public FindingsFolder(string path, bool overwrite)
    {
        Check(path, overwrite);
        _folder = new OutputFolder(path);
        try
        {
            // Findings lie beside the run that they are of.
            if (!File.Exists(_folder.JournalPath) && _folder.FindOthersResult(Json) is { } result)
            {
                throw new UsageException($"The folder '{path}' holds '{result}', a result of another command, and this one's would be mixed with it. Give another folder with --output.");
            }
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>The folder itself.</summary>
    public OutputFolder Output => _folder;

    /// <summary>Refuses a folder that holds findings which are not to be taken away.</summary>
    /// <exception cref="UsageException">It does.</exception>
    public static void Check(string path, bool overwrite)
    {
        if (File.Exists(Path.Combine(path, Json)) && !overwrite)
        {
            throw new UsageException($"The folder '{path}' holds the findings of an earlier audit. Add --overwrite to take them away, or give another folder with --output.");
        }
    }

    /// <summary>Writes everything; what an earlier audit left is taken away first.</summary>
    /// <param name="report">What was found.</param>
    /// <param name="facts">How.</param>
    public void Write(AuditReport report, IReadOnlyList<(string Name, string Value)> facts) => Write(report, report.Findings, facts);

    /// <param name="report">What was tested.</param>
    /// <param name="found">What was found, with the pictures to show.</param>
    /// <param name="facts">How.</param>
    public void Write(AuditReport report, IReadOnlyList<AuditFinding> found, IReadOnlyList<(string Name, string Value)> facts)
    {
        string pictures = Path.Combine(_folder.Path, Pictures);
        File.Delete(Path.Combine(_folder.Path, Json));
        if (Directory.Exists(pictures))
        {
            Directory.Delete(pictures, recursive: true);
        }

        FindingFile[] findings = [.. found.Select((finding, i) => Written(finding, finding.Pictures, string.Create(CultureInfo.InvariantCulture, $"{Pictures}/{i + 1:000}-{finding.Kind.ToString().ToLowerInvariant()}")))];
        AtomicFile.Write(Path.Combine(_folder.Path, Text), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(report.ToString())));
        AtomicFile.Write(Path.Combine(_folder.Path, Json), stream => JsonSerializer.Serialize(
            stream, new FindingsFile(ProgramVersion.Text, facts.ToDictionary(fact => fact.Name, fact => fact.Value), report.Rows, report.Unused, findings, report.Tested), Format));
    }

    public void Dispose() => _folder.Dispose();

    private FindingFile Written(AuditFinding finding, IReadOnlyList<AuditPicture> shown, string folder)
    {
        FindingPicture[] pictures = [.. shown.Select((picture, i) =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{folder}/{i + 1}");
            WritePng($"{name}-before.png", picture.Before);
            WritePng($"{name}-after.png", picture.After);
            return new FindingPicture(picture.Caption, picture.Row, $"{name}-before.png", $"{name}-after.png");
        })];
        string? region = null;
        if (finding.Region is { } pixels)
        {
            region = $"{folder}/region.png";
            using MLImage mask = MLImage.CreateFromPixels(pixels.Width, pixels.Height, MLPixelFormat.Bgra32, [.. pixels.Pixels.SelectMany(isMeant => isMeant ? (byte[])[255, 255, 255, 255] : [0, 0, 0, 255])]);
            WritePng(region, mask);
        }

        return new FindingFile(finding.Kind, finding.ClassIndex, finding.ClassName, finding.Sentence, finding.PValue, finding.Effects, finding.Rows, finding.RowNames, finding.Groups, region, finding.Region?.Share, [.. finding.RowRegions.Zip(finding.Rows, finding.RowNames).Select(row => RowRegion.Of(row.First, row.Second, row.Third))], pictures);
    }

    private void WritePng(string name, MLImage picture)
    {
        string path = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        picture.Save(path);
    }

    private sealed record FindingsFile(
        string Version, Dictionary<string, string> Settings, int Rows, IReadOnlyDictionary<string, int> Unused, IReadOnlyList<FindingFile> Findings, IReadOnlyList<string> Tested);

    private sealed record FindingFile(
        AuditFindingKind Kind, int ClassIndex, string ClassName, string Sentence, double PValue, IReadOnlyList<AuditEffect> Effects, IReadOnlyList<long> Rows, IReadOnlyList<string> RowNames,
        IReadOnlyList<AuditGroup> Groups, string? RegionFile, double? RegionShare, IReadOnlyList<RowRegion> RowRegions, IReadOnlyList<FindingPicture> Pictures);

    /// <summary>The pixels of the network's input that are meant in one row: the rectangle that holds them, its ends outside, and their share of the input.</summary>
    private sealed record RowRegion(long Row, string Name, int InputWidth, int InputHeight, int Left, int Top, int Right, int Bottom, double Share)
    {
        public static RowRegion Of(AuditRegion region, long row, string name)
        {
            int[] meant = [.. Enumerable.Range(0, region.Pixels.Count).Where(pixel => region.Pixels[pixel])];
            return meant.Length == 0
                ? new RowRegion(row, name, region.Width, region.Height, 0, 0, 0, 0, 0)
                : new RowRegion(row, name, region.Width, region.Height, meant.Min(pixel => pixel % region.Width), meant[0] / region.Width, meant.Max(pixel => pixel % region.Width) + 1, (meant[^1] / region.Width) + 1, region.Share);
        }
    }

    private sealed record FindingPicture(string Caption, long Row, string Before, string After);
}
