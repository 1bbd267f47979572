using System.Globalization;
using Microsoft.ML.AbsCam.Networks.Onnx.Paths;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>
/// Finds out by values what an output holds, and where its logits are: among the values that everything passes through, one whose
/// softmax or sigmoid is the output for all made-up images. How the network spells it does not matter.
/// </summary>
internal sealed class ScoreSearch
{
    /// <summary>Spelled in pieces, a softmax has fewer than ten; a network can hand on as many numbers as it has classes for long.</summary>
    private const int MostCandidates = 64;

    private const int LeastRows = 3;

    /// <summary>Percent.</summary>
    private const double Hundred = 100;

    private readonly OnnxGraph _graph;
    private readonly ScoreProbes _probes;
    private readonly RunTrace _trace;
    private readonly IReadOnlyList<GraphStep> _steps;
    private readonly Dictionary<int, GraphStep> _makers = [];
    private readonly int _output;
    private readonly int _classes;
    private readonly int _end;
    private readonly string _name;

    /// <param name="graph">The network.</param>
    /// <param name="probes">Runs it on made-up images.</param>
    /// <param name="trace">A run of one image.</param>
    /// <param name="output">The slot of the output.</param>
    /// <param name="classes">How many numbers it holds an image.</param>
    public ScoreSearch(OnnxGraph graph, ScoreProbes probes, RunTrace trace, int output, int classes)
    {
        (_graph, _probes, _trace, _output, _classes) = (graph, probes, trace, output, classes);
        _name = graph.NameOf(output);
        _steps = ExecutionPlan.For(graph, [output], [probes.Input]).Steps;
        foreach (GraphStep step in _steps)
        {
            foreach (int slot in step.Writes)
            {
                _makers[slot] = step;
            }
        }

        // Rounded to a grid, or laid out anew: the numbers before that are those that tell.
        _end = output;
        while (Handed(_end) is int before)
        {
            _end = before;
        }

        PathCounts paths = new(_steps, probes.Input, _end);
        Candidates = [.. _steps.Reverse().SelectMany(step => step.Writes).Where(slot => slot != _end && IsOneAClass(slot) && _makers.ContainsKey(slot) && paths.AllPass(slot)).Take(MostCandidates)];
    }

    private int[] Candidates { get; }

    /// <param name="first">The output's numbers for an ordinary made-up image; most networks' logits need no other.</param>
    /// <returns>Where the scores are, what they are, and every value that holds the same ones.</returns>
    public (int Slot, ScoreEvidence Evidence, IReadOnlyList<int> Same) Find(double[] first)
    {
        ScoreRows ordinary = new([first]);
        if (!ordinary.AreFinite || ordinary.ArePlainLogits)
        {
            return (_output, ScoreEvidence.Untold, [_output, _end]);
        }

        // An exponential that nobody lowered is infinite for a glaring image, which then tells nothing.
        ScoreRows[] all = _probes.Run([_end, .. Candidates]);
        ScoreRows[] values = [.. all.Select(value => value.WhereFinite(all[0]))];
        ScoreRows output = values[0];
        if (output.Count < LeastRows)
        {
            return (_output, ScoreEvidence.Untold, [_output, _end]);
        }

        (ScoreRows shares, double total, string unit) = Shares(output);
        int[] soft = Matching(values, shares.AreSoftmaxOf, mayShift: true);
        if (soft.Length > 0)
        {
            return Found(soft, ScoreKind.BeforeSoftmax, $"softmax{unit}");
        }

        int[] single = Matching(values, shares.AreSigmoidOf, mayShift: false);
        return single.Length > 0 ? Found(single, ScoreKind.BeforeSigmoid, $"sigmoid{unit}") : NotFound(output, shares, total, unit);
    }

    private static (ScoreRows Shares, double Total, string Unit) Shares(ScoreRows output)
    {
        if (output.Greatest < 1e-4 && output.Least < 0)
        {
            return (output.Exponential(), 1, "'s logarithm");
        }

        double total = output.Total ?? (output.Greatest > 1.001 && output.Greatest <= Hundred * 1.001 ? Hundred : 1);
        return Math.Abs(total - 1) < 1e-3 ? (output, 1, "") : (output.Divided(total), total, string.Create(CultureInfo.InvariantCulture, $" times {total:G4}"));
    }

    private (int Slot, ScoreEvidence Evidence, IReadOnlyList<int> Same) Found(int[] matching, ScoreKind kind, string what)
    {
        int logits = matching[^1];
        return (logits, new ScoreEvidence(kind, $"The output '{_name}' is the {what} of '{_graph.NameOf(logits)}' on made-up images."), [.. matching, _output, _end]);
    }

    private (int Slot, ScoreEvidence Evidence, IReadOnlyList<int> Same) NotFound(ScoreRows output, ScoreRows shares, double total, string unit)
    {
        int[] same = [_output, _end];
        if (shares.Total is double sum && Math.Abs(sum - 1) < 1e-3)
        {
            return output.Least < 0 && unit.Contains("logarithm", StringComparison.Ordinal)
                ? (_output, new ScoreEvidence(ScoreKind.BeforeSoftmax, $"The output '{_name}' holds logarithms of probabilities on made-up images, and no value in the network is the one before their softmax."), same)
                : (_output, new ScoreEvidence(ScoreKind.Probabilities, $"The output '{_name}' holds probabilities{unit} on made-up images, and no value in the network is the one before their softmax.", total), same);
        }

        if (output.Least < 0 || output.Greatest > 1 || total != 1)
        {
            return (_output, ScoreEvidence.Untold, same);
        }

        return output.AreAlike || !MadeOfShares.Is(_steps, _probes.Input, _end)
            ? (_output, new ScoreEvidence(ScoreKind.Unclear, $"The output '{_name}' holds numbers from 0 to 1 on made-up images that do not add up to 1; nothing tells whether they are probabilities of each class's own or small logits."), same)
            : (_output, new ScoreEvidence(ScoreKind.OwnProbabilities, $"The output '{_name}' holds numbers from 0 to 1 on made-up images, made of numbers that never leave that range, and no value in the network is the one before a sigmoid."), same);
    }

    /// <summary>
    /// From the output on, the candidates that match; the last is farthest from it. A value that only by chance has the numbers of a
    /// later one, as before a clip that clipped nothing here, is another: what lies between has to hand its numbers on for all images.
    /// </summary>
    private int[] Matching(ScoreRows[] values, Func<ScoreRows, bool> matches, bool mayShift)
    {
        List<int> found = [];
        ScoreRows? later = null;
        for (int i = 0; i < Candidates.Length; i++)
        {
            if (!values[i + 1].AreFinite || !matches(values[i + 1]))
            {
                continue;
            }

            bool isSame = later is not null && later.AreThose(values[i + 1]);
            if (later is not null && (isSame ? !IsHandedOn(Candidates[i], found[^1]) : !(mayShift && later.AreShiftedFrom(values[i + 1]))))
            {
                break;
            }

            found.Add(Candidates[i]);
            later = values[i + 1];
        }

        return [.. found];
    }

    private bool IsHandedOn(int from, int to)
    {
        int? at = to;
        while (at is int slot && slot != from)
        {
            at = Handed(slot);
        }

        return at == from;
    }

    /// <summary>The value whose numbers this one holds; null where they are made here.</summary>
    private int? Handed(int slot) =>
        _makers.TryGetValue(slot, out GraphStep? maker) && maker.Definition.Is(OperatorTraits.SameNumbers) && !maker.Definition.Is(OperatorTraits.Borders)
        && maker.OutputSlots[0] == slot && IsOneAClass(maker.InputSlots[0]) ? maker.InputSlots[0] : null;

    private bool IsOneAClass(int slot) => _trace.IsReal(slot) && _trace.ShapeOf(slot) is long[] shape && shape.Aggregate(1L, (product, size) => product * size) == _classes;
}
