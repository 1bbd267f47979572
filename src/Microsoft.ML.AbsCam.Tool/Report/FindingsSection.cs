using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What an audit found, as a page shows it: markup, and the rows that each finding speaks of. Any finding is shown alike: what it says, its effects, its pictures.</summary>
/// <param name="Html">The markup.</param>
/// <param name="Findings">Their rows, in the order of the markup's numbers, from 1.</param>
internal sealed record FindingsSection(string Html, IReadOnlyList<FindingRows> Findings)
{
    /// <param name="report">What was tested, and how many pictures there were.</param>
    /// <param name="findings">What was found, with the pictures to show; rows' positions are those of the page.</param>
    public static FindingsSection Of(AuditReport report, IReadOnlyList<AuditFinding> findings)
    {
        ShownFinding[] shown = [.. findings.Select((finding, i) => new ShownFinding(finding, i + 1))];
        ShownFinding[] confusions = [.. shown.Where(finding => finding.IsConfusion)];
        string html = PageTemplate.Render("report/findings.html", new
        {
            Lead = Lead(report, shown.Length - confusions.Length, confusions.Length),
            Unused = report.Unused.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {(pair.Value == 1 ? "picture was" : "pictures were")} not used: {pair.Key}.")).ToArray(),
            Findings = shown.Where(finding => !finding.IsConfusion).Select(finding => finding.Values()).ToArray(),
            Confusions = confusions.Select(finding => finding.Values()).ToArray(),
            Tested = report.Tested.ToArray(),
        });
        return new FindingsSection(html, [.. shown.Select(finding => finding.Rows)]);
    }

    private static string Lead(AuditReport report, int findings, int confusions)
    {
        string found = findings switch { 0 => "Nothing was found", 1 => "One finding", _ => string.Create(CultureInfo.InvariantCulture, $"{findings} findings") };
        string also = confusions switch { 0 => "", 1 => " One confusion of classes stands out.", _ => string.Create(CultureInfo.InvariantCulture, $" {confusions} confusions of classes stand out.") };
        string power = findings == 0 ? " What so many pictures would have shown stands below." : "";
        return string.Create(CultureInfo.InvariantCulture, $"{found} in {report.Rows} {(report.Rows == 1 ? "picture" : "pictures")}.{also}{power}");
    }
}

/// <summary>The rows of a page that a finding speaks of.</summary>
/// <param name="Kind">What kind of finding it is, in words.</param>
/// <param name="Class">The class that it is about.</param>
/// <param name="IsConfusion">Whether it is shown among confusions.</param>
/// <param name="Rows">The rows' places in the page.</param>
/// <param name="Groups">The groups that they fall into; null where they do not.</param>
internal sealed record FindingRows(string Kind, string Class, bool IsConfusion, IReadOnlyList<long> Rows, IReadOnlyList<AuditGroup>? Groups);
