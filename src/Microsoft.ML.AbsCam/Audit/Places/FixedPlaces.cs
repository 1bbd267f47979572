using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>
/// Finds cells where a class's rows are hot more often than all rows are. The distance of each count from its expectation, in deviations, is compared with the largest
/// such distance over all classes and cells when the classes are dealt to the rows anew, many times (Westfall and Young's maximum), so that the number of classes
/// and cells is accounted for.
/// </summary>
internal sealed class FixedPlaces
{
    /// <summary>Classes of fewer rows are not tested.</summary>
    public const int LeastRows = 10;

    private const int Permutations = 999;

    private readonly EvidenceTable _table;
    private readonly int[][] _hot;
    private readonly int[] _classOf;
    private readonly int[] _sizes;
    private readonly double[] _rates;
    private readonly double[] _largest;
    private readonly double _level;

    private FixedPlaces(EvidenceTable table, int seed, double level)
    {
        (_table, _level) = (table, level);
        _hot = [.. table.Rows.Select(row => HotCells.Of(row.Heat))];
        Tested = [.. table.Classes(LeastRows).Select(group => group.Class)];
        _classOf = [.. table.Rows.Select(row => Array.IndexOf(Tested, row.Class))];
        _sizes = [.. Tested.Select((_, place) => _classOf.Count(of => of == place))];
        int cells = table.MapHeight * table.MapWidth;
        int[] counts = new int[cells];
        foreach (int cell in _hot.SelectMany(cells => cells))
        {
            counts[cell]++;
        }

        // Never quite 0 or 1, so that there is a deviation.
        _rates = [.. counts.Select(count => (count + 1.0) / (table.Rows.Count + 2))];
        _largest = Permute(new Random(seed));
        Critical = _largest[Math.Min(Permutations - 1, (int)Math.Ceiling((1 - level) * (Permutations + 1)) - 1)];
    }

    /// <summary>The classes that have rows enough.</summary>
    public int[] Tested { get; }

    /// <summary>The distance that is surpassed by chance with the level's probability.</summary>
    public double Critical { get; }

    /// <summary>The least share of a class's rows whose heat has to be at a usual place to be found four times out of five: of the class of most rows, and of the one of fewest.</summary>
    public (double Most, double Fewest) LeastShares
    {
        get
        {
            double usual = _rates.Order().ElementAt(_rates.Length / 2);
            return (Power.LeastShare(_sizes.Max(), usual, Critical), Power.LeastShare(_sizes.Min(), usual, Critical));
        }
    }

    /// <returns>Null where fewer than two classes have rows enough.</returns>
    public static FixedPlaces? Of(EvidenceTable table, int seed, double level) => table.Classes(LeastRows).Count < 2 ? null : new FixedPlaces(table, seed, level);

    /// <summary>The places, the strongest first.</summary>
    public IReadOnlyList<PlaceSuspect> Suspects()
    {
        double[][] distances = Distances(Counts(_classOf));
        return [.. Tested.Index().SelectMany(tested => SuspectsOf(tested.Index, distances[tested.Index])).OrderByDescending(suspect => suspect.Strength)];
    }

    private IEnumerable<PlaceSuspect> SuspectsOf(int place, double[] distances)
    {
        bool[] found = [.. distances.Select(distance => PValue(distance) <= _level)];
        foreach (bool[] component in HotCells.Components(found, _table.MapWidth))
        {
            double strongest = Enumerable.Range(0, component.Length).Where(cell => component[cell]).Max(cell => distances[cell]);
            bool isHot(int row) => Array.Exists(_hot[row], cell => component[cell]);
            int[] hot = [.. Enumerable.Range(0, _hot.Length).Where(isHot)];
            EvidenceRow[] own = [.. hot.Where(row => _classOf[row] == place).Select(row => _table.Rows[row])];
            yield return new PlaceSuspect(
                Tested[place], component, own, own.Length / (double)_sizes[place], (hot.Length - own.Length) / (double)Math.Max(1, _hot.Length - _sizes[place]), PValue(strongest), strongest);
        }
    }

    private double PValue(double distance) => (1.0 + _largest.Count(largest => largest >= distance)) / (Permutations + 1);

    private double[] Permute(Random random)
    {
        int[] dealt = [.. _classOf];
        double[] largest = new double[Permutations];
        for (int i = 0; i < Permutations; i++)
        {
            random.Shuffle(dealt);
            largest[i] = Distances(Counts(dealt)).Max(distances => distances.Max());
        }

        Array.Sort(largest);
        return largest;
    }

    private int[][] Counts(int[] classOf)
    {
        int[][] counts = [.. Tested.Select(_ => new int[_rates.Length])];
        for (int row = 0; row < _hot.Length; row++)
        {
            if (classOf[row] >= 0)
            {
                int[] own = counts[classOf[row]];
                foreach (int cell in _hot[row])
                {
                    own[cell]++;
                }
            }
        }

        return counts;
    }

    private double[][] Distances(int[][] counts) => [.. counts.Select((own, place) => own.Select((count, cell) =>
        (count - (_sizes[place] * _rates[cell])) / Math.Sqrt(_sizes[place] * _rates[cell] * (1 - _rates[cell]) * (1 - (_sizes[place] / (_hot.Length + 1.0))))).ToArray())];
}
