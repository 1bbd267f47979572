using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>The lines of results.csv.</summary>
internal sealed class ResultsFile : IDisposable
{
    private static readonly string[] Header = ["image", "status", "target", "label", "probability", "layer", "map", "forwards", "milliseconds"];

    private readonly CsvLines _lines;
    private bool _isBegun;

    /// <param name="file">Where they go; it stays open.</param>
    public ResultsFile(Stream file)
    {
        _lines = new CsvLines(file);
    }

    /// <summary>Adds a line. Of several questions all rows name theirs, and the table has a column for it.</summary>
    public void Add(ResultRow row)
    {
        Begin(row.Question is not null);
        _lines.Add(
        [
            row.Image,
            row.Status,
            row.Target?.ToString(CultureInfo.InvariantCulture) ?? "",
            row.Label ?? "",
            row.Probability?.ToString("0.######", CultureInfo.InvariantCulture) ?? "",
            row.Layer,
            row.Map ?? "",
            row.Forwards.ToString(CultureInfo.InvariantCulture),
            row.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture),
            .. row.Question is null ? Array.Empty<string>() : [row.Question],
        ]);
    }

    public void Dispose()
    {
        Begin(false);
        _lines.Dispose();
    }

    private void Begin(bool namesQuestions)
    {
        if (!_isBegun)
        {
            _lines.Add(namesQuestions ? [.. Header, "question"] : Header);
            _isBegun = true;
        }
    }
}
