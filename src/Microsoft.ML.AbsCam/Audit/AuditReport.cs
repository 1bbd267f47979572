using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam;

/// <summary>What an audit found, and what it looked for without finding it.</summary>
public sealed class AuditReport
{
    private readonly bool _isOfPairs;

    internal AuditReport(int rows, IReadOnlyDictionary<string, int> unused, IReadOnlyList<AuditFinding> findings, IReadOnlyList<string> tested, bool isOfPairs = false)
        => (Rows, Unused, Findings, Tested, _isOfPairs) = (rows, unused, findings, tested, isOfPairs);

    /// <summary>How many rows were looked at; of two explained data sets, how many pictures both have.</summary>
    public int Rows { get; }

    /// <summary>How many rows could not be used, by the reason.</summary>
    public IReadOnlyDictionary<string, int> Unused { get; }

    /// <summary>What was found: shortcuts first.</summary>
    public IReadOnlyList<AuditFinding> Findings { get; }

    /// <summary>What was looked for, by which test, with which correction, and what it would have found: sentences. They stand behind "nothing found".</summary>
    public IReadOnlyList<string> Tested { get; }

    /// <summary>The report as text, a paragraph a finding.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Rows} {(_isOfPairs ? "pictures compared" : "rows audited")}, {Findings.Count} finding{(Findings.Count == 1 ? "" : "s")}.\n");
        foreach ((string reason, int count) in Unused)
        {
            text.Append(CultureInfo.InvariantCulture, $"{count} rows not used: {reason}.\n");
        }

        foreach (AuditFinding finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{finding.Kind}: {finding.Sentence}\n");
            foreach (AuditEffect effect in finding.Effects)
            {
                if (double.IsNaN(effect.Control))
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {effect.Intervention}: {Signed(effect.Mean)} [{Signed(effect.Lower)}, {Signed(effect.Upper)}] over {effect.Pictures} pictures, {(effect.PValue < 0.0001 ? "p < 0.0001" : string.Create(CultureInfo.InvariantCulture, $"p = {effect.PValue:0.####}"))} (finds {effect.LeastFound:0.00})\n");
                    continue;
                }

                text.Append(CultureInfo.InvariantCulture, $"  {effect.Intervention}: {Signed(effect.Mean)} [{Signed(effect.Lower)}, {Signed(effect.Upper)}] in p, control {Signed(effect.Control)}, {effect.Flips} of {effect.Pictures} flipped, p = {effect.PValue:0.####} (finds {effect.LeastFound:0.00})\n");
            }

            if (finding.RowNames.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  e.g. {string.Join(", ", finding.RowNames.Take(5))}\n");
            }
        }

        text.Append("\nWhat was tested:\n");
        foreach (string sentence in Tested)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {sentence}\n");
        }

        return text.ToString();
    }

    // A zero has no sign.
    private static string Signed(double value) => Math.Round(value, 2) == 0 ? "0.00" : value.ToString("+0.00;-0.00", CultureInfo.InvariantCulture);
}
