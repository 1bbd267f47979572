using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// Writes rows over others. Where several go to one place, they are brought together before they are written, in pairs, so that the result and
/// its gradient do not depend on an order, and a place that all of them go to costs no more than any other.
/// </summary>
internal static class Scattering
{
    /// <param name="into">Rows, [places, numbers].</param>
    /// <param name="places">For each update, the row that it goes to.</param>
    /// <param name="updates">Rows, [updates, numbers].</param>
    /// <param name="combine">What becomes of two numbers at one place, the earlier one first; null for the later one.</param>
    public static Tensor Into(Tensor into, long[] places, Tensor updates, Func<Tensor, Tensor, Tensor>? combine)
    {
        if (places.Length == 0)
        {
            return into;
        }

        int[] order = InOrder(places);
        if (combine is null)
        {
            int[] last = [.. Enumerable.Range(0, order.Length).Where(i => i == order.Length - 1 || places[order[i]] != places[order[i + 1]]).Select(i => order[i])];
            return Written(into, [.. last.Select(i => places[i])], Rows(updates, last));
        }

        (long[] once, Tensor made) = Together(places, order, updates, combine);
        return Written(into, once, combine(into.index_select(0, HostValues.Of(once).to(into.device)), made));
    }

    private static (long[] Places, Tensor Rows) Together(long[] places, int[] order, Tensor rows, Func<Tensor, Tensor, Tensor> combine)
    {
        // The place of each row, in order, and where it lies among the rows.
        (long Place, int Row)[] left = [.. order.Select(i => (places[i], i))];
        while (true)
        {
            List<int> firsts = [];
            List<int> seconds = [];
            List<int> singles = [];
            List<(long Place, bool IsPair, int Number)> next = [];
            for (int i = 0; i < left.Length; i++)
            {
                bool isPair = i + 1 < left.Length && left[i].Place == left[i + 1].Place;
                next.Add((left[i].Place, isPair, isPair ? firsts.Count : singles.Count));
                if (isPair)
                {
                    firsts.Add(left[i].Row);
                    seconds.Add(left[++i].Row);
                }
                else
                {
                    singles.Add(left[i].Row);
                }
            }

            if (firsts.Count == 0)
            {
                return ([.. left.Select(entry => entry.Place)], Rows(rows, [.. left.Select(entry => entry.Row)]));
            }

            rows = cat([combine(Rows(rows, firsts), Rows(rows, seconds)), Rows(rows, singles)], 0);
            left = [.. next.Select(entry => (entry.Place, entry.IsPair ? entry.Number : firsts.Count + entry.Number))];
        }
    }

    private static int[] InOrder(long[] places)
    {
        int[] order = [.. Enumerable.Range(0, places.Length)];
        for (int i = 1; i < places.Length; i++)
        {
            if (places[i] < places[i - 1])
            {
                return [.. order.OrderBy(at => places[at])];
            }
        }

        return order;
    }

    private static Tensor Rows(Tensor rows, IReadOnlyList<int> which) => rows.index_select(0, HostValues.Of([.. which.Select(row => (long)row)]).to(rows.device));

    private static Tensor Written(Tensor into, long[] places, Tensor rows) => into.index_copy(0, HostValues.Of(places).to(into.device), rows);
}
