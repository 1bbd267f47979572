using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>Says which output holds the class scores, by evidence, or that nothing tells.</summary>
internal static class ScoreChoice
{
    /// <param name="graph">The network, with the values that may be scores as its outputs.</param>
    /// <param name="probes">Runs it on made-up images.</param>
    /// <param name="trace">A run of one image.</param>
    /// <param name="first">The graph's outputs in that run.</param>
    /// <param name="part">Where its outputs come from.</param>
    /// <param name="labels">How many classes have names; null where they have none.</param>
    /// <exception cref="NetworkLoadException">No output holds scores, or several do and nothing tells which are meant.</exception>
    public static ScoreOutput Of(OnnxGraph graph, ScoreProbes probes, RunTrace trace, IReadOnlyList<Tensor?> first, ScorePart part, int? labels)
    {
        List<Candidate> found = [];
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            int slot = graph.SlotOf(graph.Outputs[i]);
            if (!trace.IsReal(slot) || ClassesOf(trace.ShapeOf(slot)) is not int classes)
            {
                continue;
            }

            OutputValue[] outputs = [.. part.Outputs.Where(output => output.Value == graph.Outputs[i])];
            (int logits, ScoreEvidence evidence, IReadOnlyList<int> same) = new ScoreSearch(graph, probes, trace, slot, classes).Find(HostValues.Doubles(first[i]!));
            found.Add(new Candidate(slot, new ScoreOutput(logits, classes, evidence, graph.Outputs[i]), same, outputs));
        }

        if (found.Count == 0)
        {
            IEnumerable<string> shapes = graph.Outputs.Select(name => $"'{name}' {(trace.ShapeOf(graph.SlotOf(name)) is long[] shape ? TensorSizes.Text(shape) : "(it does not depend on the input)")}");
            throw new NetworkLoadException($"{graph.Source}: no output holds class scores: {string.Join(", ", shapes.Concat(part.LeftOut.Select(output => $"'{output.Name}' (not imported: {output.Why})")))}; expected real numbers [batch, classes].");
        }

        return Chosen(graph.Source, trace, Groups(found), part, labels);
    }

    /// <summary>Whether any output could hold a score a class.</summary>
    public static bool HasVectors(OnnxGraph graph, RunTrace trace) =>
        graph.Outputs.Select(graph.SlotOf).Any(slot => trace.IsReal(slot) && ClassesOf(trace.ShapeOf(slot)) is not null);

    // [batch, classes], whatever axes of size 1 stand around; or [batch], one score.
    private static int? ClassesOf(long[]? shape)
    {
        if (shape is not { Length: >= 1 } || shape[0] != 1)
        {
            return null;
        }

        long[] sizes = [.. shape[1..].Where(size => size != 1)];
        return sizes.Length <= 1 && (sizes.Length == 0 || sizes[0] is > 0 and < int.MaxValue) ? (int)sizes.FirstOrDefault(1) : null;
    }

    // Probabilities and their logits are the same scores.
    private static List<List<Candidate>> Groups(List<Candidate> found)
    {
        List<List<Candidate>> groups = [];
        foreach (Candidate candidate in found)
        {
            List<Candidate>? alike = groups.Find(group => group.Exists(other => candidate.Same.Contains(other.Slot) || other.Same.Contains(candidate.Slot) || other.Scores.Slot == candidate.Scores.Slot));
            if (alike is null)
            {
                groups.Add([candidate]);
            }
            else
            {
                alike.Add(candidate);
            }
        }

        return groups;
    }

    private static ScoreOutput Chosen(string source, RunTrace trace, List<List<Candidate>> groups, ScorePart part, int? labels)
    {
        List<List<Candidate>> left = groups;
        foreach (Func<Candidate, bool> tells in new Func<Candidate, bool>[]
        {
            candidate => candidate.Scores.Classes == labels || (labels == 2 && candidate.Scores.Classes == 1),
            candidate => candidate.Scores.Evidence.Kind is not (ScoreKind.Logits or ScoreKind.Unclear),
            candidate => candidate.Outputs.Any(output => output.Ranks),
        })
        {
            if (left.Count > 1 && left.FindAll(group => group.Exists(candidate => tells(candidate))) is { Count: > 0 } told)
            {
                left = told;
            }
        }

        bool isTold = left.Count == 1 && (groups.Count > 1 || left[0].Exists(candidate => candidate.Scores.Classes == labels || candidate.Scores.Evidence.Kind is not ScoreKind.Logits));
        LeftOutput[] others = isTold ? [] : [.. part.LeftOut.Where(output => output.MayBeScores)];
        if (left.Count > 1 || others.Length > 0)
        {
            IEnumerable<string> names = left.SelectMany(group => group).Select(candidate => $"'{candidate.Scores.Output}' {TensorSizes.Text(trace.ShapeOf(candidate.Slot)!)}")
                .Concat(others.Select(output => $"'{output.Name}' (which cannot be imported: {output.Why})"));
            throw new NetworkLoadException($"{source}: several outputs may hold the class scores, and nothing tells which: {string.Join(", ", names)}. Name one with the parameter scoresOutput of {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromOnnx)} or with AbsCamOptions.ScoresOutput (in the command --scores-output NAME); the number of classes tells too, of labels for example, where one output alone has as many scores.");
        }

        if (part.Outputs.FirstOrDefault(output => output.RanksLeast && left[0].Exists(candidate => candidate.Scores.Output == output.Value)) is { } ranked)
        {
            throw new NetworkLoadException($"{source}: the output '{ranked.Output}' takes the least of '{ranked.Value}' (ArgMin, or TopK with largest = 0), so these are distances, and what speaks for a class makes its number smaller. Export their negatives as an output, or name '{ranked.Value}' as the scores if its greatest number is what should be explained.");
        }

        // The one whose logits were found says most of the scores.
        Candidate chosen = left[0].Find(candidate => candidate.Scores.Evidence.Kind is not ScoreKind.Logits) ?? left[0][0];
        return chosen.Scores with { IsOneOf = part.All, Same = [.. left[0].Select(candidate => candidate.Scores.Output)] };
    }

    private sealed record Candidate(int Slot, ScoreOutput Scores, IReadOnlyList<int> Same, IReadOnlyList<OutputValue> Outputs);
}
