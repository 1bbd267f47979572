using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Measures;
using Microsoft.ML.AbsCam.Measures.Consistency;
using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Measures the rows of one batch: the untouched images, then all altered ones in full passes, then what needs maps of masked images.</summary>
internal sealed class BatchEvaluator(EvaluationPlan plan, IReadOnlyList<SaliencyMeasure> measures, long[] imageSize)
{
    private const float UnitSlack = 1e-6f;

    private readonly int _length = (int)(imageSize[0] * imageSize[1] * imageSize[2]);
    private readonly PerturbationProbe[] _probes = [.. measures.Where(measure => !measure.NeedsUnitMap).SelectMany(measure => measure.Probes).Distinct()];
    private readonly PerturbationProbe[] _unitProbes = [.. measures.Where(measure => measure.NeedsUnitMap).SelectMany(measure => measure.Probes).Distinct()];
    private readonly bool _asksForHighest = measures.Any(measure => measure.NeedsRivals);
    private readonly MapProbe[] _mapProbes = [.. measures.Where(measure => !measure.NeedsUnitMap).SelectMany(measure => measure.MapProbes).Distinct()];
    private readonly MapProbe[] _unitMapProbes = [.. measures.Where(measure => measure.NeedsUnitMap).SelectMany(measure => measure.MapProbes).Distinct()];

    /// <param name="rows">The rows.</param>
    /// <param name="inputs">Their images, row by row.</param>
    public SaliencyRowMetrics[] Measure(IReadOnlyList<EvaluationEntry> rows, ReadOnlyMemory<float> inputs)
    {
        var measured = new SaliencyRowMetrics[rows.Count];
        List<Candidate> candidates = [];
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using AskedRows? untouched = AskedRows.Of(plan, [.. rows.Where(row => row.Trouble is null).Select(row => row.Ask)], Outputs(rows, inputs));
        for (int i = 0, place = 0; i < rows.Count; i++)
        {
            string? trouble = rows[i].Trouble;
            if (trouble is null)
            {
                trouble = untouched!.Trouble(place);
                if (trouble is null)
                {
                    var image = new RowImage(inputs.Slice(i * _length, _length), (int)imageSize[1], (int)imageSize[2], rows[i].Map!);
                    candidates.Add(new Candidate(i, rows[i], image, place, untouched.Target(place), untouched.Probability(place)) { IsHighest = _asksForHighest && untouched.IsHighest(place) });
                }

                place++;
            }

            if (trouble is not null)
            {
                measured[i] = NotMeasured(rows[i], trouble);
            }
        }

        if (candidates.Count > 0)
        {
            using var scorer = new ProbeScorer(imageSize, plan.Options.PassSize, untouched!.Score);
            foreach (Candidate candidate in candidates)
            {
                candidate.Ask(scorer, _probes.Concat(candidate.IsUnit ? _unitProbes.Except(_probes) : []));
            }

            scorer.Flush();
        }

        ExplainMore(candidates);
        foreach (Candidate candidate in candidates)
        {
            measured[candidate.Place] = Judge(candidate);
        }

        return measured;
    }

    private void ExplainMore(List<Candidate> candidates)
    {
        if (candidates.Count == 0 || _mapProbes.Length + _unitMapProbes.Length == 0)
        {
            return;
        }

        using var asker = new MapAsker(plan.Maker!, imageSize, plan.Options.BatchSize);
        List<(Candidate Candidate, MapProbe Probe, Func<MapLikenesses> Likenesses)> asked = [];
        foreach (Candidate candidate in candidates)
        {
            foreach (MapProbe probe in candidate.IsUnit ? _mapProbes.Union(_unitMapProbes) : _mapProbes)
            {
                asked.Add((candidate, probe, asker.Ask(probe, candidate.Image, candidate.Row.Ask with { Class = candidate.Target })));
            }
        }

        asker.Flush();
        asked.ForEach(one => one.Candidate.Maps.Add(one.Probe, one.Likenesses()));
    }

    // What the network gives for the untouched images [rows that can be measured, outputs]; null where there are none.
    private Tensor? Outputs(IReadOnlyList<EvaluationEntry> rows, ReadOnlyMemory<float> inputs)
    {
        int[] fit = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Trouble is null)];
        List<Tensor> outputs = [];
        for (int first = 0; first < fit.Length; first += plan.Options.PassSize)
        {
            int count = Math.Min(plan.Options.PassSize, fit.Length - first);
            using Tensor images = empty([count, .. imageSize]);
            for (int i = 0; i < count; i++)
            {
                inputs.Span.Slice(fit[first + i] * _length, _length).CopyTo(images.Floats()[(i * _length)..]);
            }

            outputs.Add(plan.Run(images));
        }

        return outputs.Count == 0 ? null : cat(outputs);
    }

    private SaliencyRowMetrics NotMeasured(EvaluationEntry row, string trouble) => new(
        row.Position, -1, float.NaN, [.. measures.Select(_ => MeasureValue.Not(trouble))], [.. measures.Select(_ => (IReadOnlyList<float>?)null)], row.Trouble is null ? 1 : 0);

    private SaliencyRowMetrics Judge(Candidate candidate)
    {
        var evidence = new RowEvidence(candidate.Image, candidate.Target, candidate.Probability, candidate.Scores, candidate.Maps)
        {
            IsHighest = candidate.IsHighest,
            OnPhoto = candidate.Row.OnPhoto!,
            Object = candidate.Row.Object,
        };
        MeasureValue[] values = [.. measures.Select(measure => Judge(measure, candidate, evidence))];
        return new SaliencyRowMetrics(
            candidate.Row.Position,
            candidate.Target,
            candidate.Probability,
            values,
            [.. measures.Select((measure, i) => values[i].IsMeasured ? measure.CurveOf(evidence) : null)],
            1 + candidate.Scores.Values.Sum(scores => scores.Length) + candidate.Maps.Values.Sum(maps => maps.Forwards))
        {
            Pattern = MapPattern.Of(candidate.Image.Map, candidate.Image.Height, candidate.Image.Width),
        };
    }

    private static MeasureValue Judge(SaliencyMeasure measure, Candidate candidate, RowEvidence evidence)
    {
        if (measure.NeedsObject && evidence.Object is null)
        {
            return MeasureValue.Not(candidate.Row.ObjectTrouble ?? "it is not known where the object is");
        }

        return measure.NeedsUnitMap && !candidate.IsUnit
            ? MeasureValue.Not("the map has values outside of [0,1]")
            : measure.Judge(evidence);
    }

    /// <summary>A row that can be measured.</summary>
    internal sealed class Candidate(int place, EvaluationEntry row, RowImage image, int asked, int target, float probability)
    {
        public int Place => place;

        public EvaluationEntry Row => row;

        public RowImage Image => image;

        public int Target => target;

        public float Probability => probability;

        public bool IsHighest { get; init; }

        public bool IsUnit { get; } = TensorPrimitives.Min<float>(image.Map) >= -UnitSlack && TensorPrimitives.Max<float>(image.Map) <= 1 + UnitSlack;

        public Dictionary<PerturbationProbe, float[]> Scores { get; } = [];

        public Dictionary<MapProbe, MapLikenesses> Maps { get; } = [];

        public void Ask(ProbeScorer scorer, IEnumerable<PerturbationProbe> probes)
        {
            foreach (PerturbationProbe probe in probes)
            {
                Scores.Add(probe, scorer.Ask(probe, image, asked));
            }
        }
    }
}
