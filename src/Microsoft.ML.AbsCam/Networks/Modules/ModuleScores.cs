using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>What a module's scores are, and where the logits are that they are made of; found on made-up images.</summary>
/// <param name="Evidence">What the scores are that <see cref="Of"/> gives.</param>
/// <param name="Logits">Where the logits are; null where the module's output is taken.</param>
/// <param name="Tolerance">How far the output may be from what the logits say.</param>
internal sealed record ModuleScores(ScoreEvidence Evidence, LogitTap.Place? Logits, double Tolerance)
{
    /// <param name="tap">What sees the values inside.</param>
    /// <param name="outputs">What the module gives for each of the made-up images [1,classes].</param>
    /// <param name="run">Runs the module on one of them.</param>
    /// <param name="tolerance">How far numbers may be off.</param>
    public static ModuleScores Find(LogitTap tap, IReadOnlyList<float[]> outputs, Action<int> run, double tolerance)
    {
        int classes = outputs[0].Length;
        float[] all = [.. outputs.SelectMany(row => row)];
        float[] exponentials = [.. all.Select(MathF.Exp)];
        ScoreEvidence told = ProbeScores.Judge(all, classes, tolerance);
        bool isLogarithm = told.Kind == ScoreKind.Logits && ProbeScores.TotalOf(exponentials, classes, tolerance) == 1;
        if (told.Kind == ScoreKind.Logits && !isLogarithm)
        {
            return new ModuleScores(told, null, tolerance);
        }

        foreach ((LogitTap.Place place, float[] values) in Seen(tap, outputs.Count, classes, run))
        {
            if (classes > 1 && ProbeScores.IsSoftmax(values, isLogarithm ? exponentials : all, classes, told.Total, tolerance) && !values.AsSpan().SequenceEqual(all))
            {
                string end = isLogarithm ? "the logarithm of a softmax" : told.Total == 1 ? "a softmax" : $"{told.Total} times a softmax";
                return new ModuleScores(new ScoreEvidence(ScoreKind.BeforeSoftmax, $"The module ends in {end}; the scores before it, of '{tap.NameOf(place)}', are taken."), place, tolerance);
            }

            if (!isLogarithm && told.Kind == ScoreKind.Unclear && ProbeScores.IsSigmoid(values, all, 1, tolerance))
            {
                return new ModuleScores(new ScoreEvidence(ScoreKind.BeforeSigmoid, $"The module ends in a sigmoid; the scores before it, of '{tap.NameOf(place)}', are taken."), place, tolerance);
            }

            if (told.Kind == ScoreKind.Unclear && tap.IsLinear(place) && values.AsSpan().SequenceEqual(all))
            {
                return new ModuleScores(ScoreEvidence.Untold, null, tolerance);
            }
        }

        return new ModuleScores(told, null, tolerance);
    }

    /// <summary>The scores of a pass [B,classes]: the logits where they were found, else the output.</summary>
    /// <param name="network">The module's name, for messages.</param>
    /// <param name="output">What the module gave [B,classes].</param>
    /// <param name="taken">What the tap took of the same pass.</param>
    /// <exception cref="InvalidOperationException">The output is not what the logits say.</exception>
    public Tensor Of(string network, Tensor output, Tensor? taken)
    {
        if (Logits is null)
        {
            return output;
        }

        Tensor? logits = taken is null ? null : ClassScores.Of(taken, output.shape[0])?.AsFloat();
        if (logits is null || !Agree(logits.detach(), output.detach()))
        {
            throw new InvalidOperationException(
                $"For made-up images the module '{network}' gave what a softmax or sigmoid makes of the scores inside it, and for these images it gives something else. Let it give its scores before that, [batch, classes].");
        }

        return logits;
    }

    private bool Agree(Tensor logits, Tensor output)
    {
        float[] given = Tensors.TensorData.ToFloats(output);
        float[] inside = Tensors.TensorData.ToFloats(logits);
        int classes = (int)output.shape[1];
        return Evidence.Kind == ScoreKind.BeforeSigmoid
            ? ProbeScores.IsSigmoid(inside, given, 1, Tolerance)
            : ProbeScores.IsSoftmax(inside, given, classes, 1, Tolerance)
                || ProbeScores.IsSoftmax(inside, given, classes, 100, Tolerance)
                || ProbeScores.IsSoftmax(inside, [.. given.Select(MathF.Exp)], classes, 1, Tolerance);
    }

    /// <summary>What every probe gave at the same places, one probe after the other.</summary>
    private static IEnumerable<(LogitTap.Place Place, float[] Values)> Seen(LogitTap tap, int probes, int classes, Action<int> run)
    {
        var seen = new List<List<(LogitTap.Place Place, float[] Values)>>();
        for (int probe = 0; probe < probes; probe++)
        {
            using LogitTap.Capture capture = tap.Search(classes);
            run(probe);
            seen.Add(capture.Seen);
        }

        foreach ((LogitTap.Place place, float[] first) in seen[0])
        {
            float[][] rest = [.. seen.Skip(1).Select(values => values.FirstOrDefault(value => value.Place == place).Values)];
            if (rest.All(values => values is not null))
            {
                yield return (place, [.. first, .. rest.SelectMany(values => values)]);
            }
        }
    }
}
