using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Confusions;

/// <summary>
/// Which class is taken for which, more often than if a class's mistakes fell on all others alike: the probability of as many of its mistakes in one cell (a binomial tail),
/// corrected for all cells that are not empty.
/// </summary>
/// <param name="table">The rows, with what they show.</param>
/// <param name="level">The probability of a false finding among all cells.</param>
internal sealed class ConfusionCells(EvidenceTable table, double level)
{
    private const int MostTold = 10;
    private const int LeastCount = 3;

    /// <summary>The cells, the surest first, with the rows in them.</summary>
    public IReadOnlyList<(AuditFinding Finding, int Truth, EvidenceRow[] Rows)> Find(ICollection<string> tested)
    {
        EvidenceRow[] known = [.. table.Rows.Where(row => row.Truth >= 0)];
        EvidenceRow[] wrong = [.. known.Where(row => row.Truth != row.Predicted)];
        (int Truth, int Predicted, EvidenceRow[] Rows, double PValue)[] cells = [.. wrong.GroupBy(row => (row.Truth, row.Predicted)).Select(cell =>
            (cell.Key.Truth, cell.Key.Predicted, cell.OrderByDescending(row => row.Probability).ToArray(), Tail(cell.Count(), wrong.Count(row => row.Truth == cell.Key.Truth), 1.0 / (table.ClassCount - 1))))];
        double[] corrected = Holm.Adjust([.. cells.Select(cell => cell.PValue)]);
        ((int Truth, int Predicted, EvidenceRow[] Rows, double PValue) Cell, double Value)[] told =
            [.. cells.Zip(corrected).Where(pair => pair.Second <= level && pair.First.Rows.Length >= LeastCount).OrderBy(pair => pair.Second).ThenByDescending(pair => pair.First.Rows.Length)];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Confusions: {wrong.Length} of {known.Length} pictures whose class is known are taken for another; {cells.Length} cells, each beside mistakes that fall on all other classes alike (binomial, Holm, level {level}). {told.Length} stand out{(told.Length > MostTold ? string.Create(CultureInfo.InvariantCulture, $", of which {MostTold} are told") : "")}."));
        return [.. told.Take(MostTold).Select(pair => (Told(known, pair.Cell.Truth, pair.Cell.Predicted, pair.Cell.Rows, pair.Value), pair.Cell.Truth, pair.Cell.Rows))];
    }

    private AuditFinding Told(EvidenceRow[] known, int truth, int predicted, EvidenceRow[] rows, double value)
    {
        int shown = known.Count(row => row.Truth == truth);
        int mistakes = known.Count(row => row.Truth == truth && row.Predicted != truth);
        (string of, string taken) = (table.NameOf(truth), table.NameOf(predicted));
        string sentence = string.Create(CultureInfo.InvariantCulture, $"{rows.Length} of {shown} pictures of '{of}' are taken for '{taken}', of {mistakes} of its mistakes; if they fell on all other classes alike it would be {mistakes / (double)(table.ClassCount - 1):0.0}.");
        return new AuditFinding(AuditFindingKind.Confusion, predicted, taken, sentence, value)
        {
            Rows = [.. rows.Select(row => row.Position)],
            RowNames = [.. rows.Select(row => row.Caption)],
        };
    }

    /// <summary>The probability of at least so many successes.</summary>
    public static double Tail(int successes, int tries, double probability)
    {
        // Of two classes there is one way to be wrong.
        if (probability >= 1 || successes == 0)
        {
            return 1;
        }

        // In logarithms: of a thousand tries, none has a probability of 0 in floating point.
        double odds = Math.Log(probability / (1 - probability));
        double log = tries * Math.Log(1 - probability);
        double tail = 0;
        for (int k = 0; k <= tries; k++)
        {
            tail += k < successes ? 0 : Math.Exp(log);
            log += odds + Math.Log((tries - k) / (k + 1.0));
        }

        return Math.Min(tail, 1);
    }
}
