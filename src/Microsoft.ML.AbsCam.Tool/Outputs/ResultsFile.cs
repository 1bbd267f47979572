using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The lines of results.csv.</summary>
internal sealed class ResultsFile : IDisposable
{
    private static readonly string[] Header = ["image", "status", "target", "label", "probability", "layer", "map", "forwards", "milliseconds"];

    private readonly CsvLines _lines;

    /// <param name="file">Where they go; it stays open.</param>
    public ResultsFile(Stream file)
    {
        _lines = new CsvLines(file);
        _lines.Add(Header);
    }

    public void Add(ResultRow row) => _lines.Add(
        row.Image,
        row.Status,
        row.Target?.ToString(CultureInfo.InvariantCulture) ?? "",
        row.Label ?? "",
        row.Probability?.ToString("0.######", CultureInfo.InvariantCulture) ?? "",
        row.Layer,
        row.Map ?? "",
        row.Forwards.ToString(CultureInfo.InvariantCulture),
        row.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture));

    public void Dispose() => _lines.Dispose();
}
