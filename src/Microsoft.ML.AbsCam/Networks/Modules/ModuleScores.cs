using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>What a module's scores are, and where the logits are that they are made of; found on made-up images.</summary>
/// <param name="Evidence">What the scores are that <see cref="Of"/> gives.</param>
/// <param name="Logits">Where the logits are; null where the module's output is taken.</param>
/// <param name="Rounding">How far apart two ways to the same probability may be.</param>
internal sealed record ModuleScores(ScoreEvidence Evidence, LogitTap.Place? Logits, double Rounding)
{
    /// <summary>What a row of the module's output adds up to.</summary>
    private double Total { get; init; } = 1;

    /// <summary>Whether the output is the logarithm of probabilities.</summary>
    private bool IsLogarithm { get; init; }

    /// <param name="tap">What sees the values inside.</param>
    /// <param name="output">What the module gives for each of the made-up images.</param>
    /// <param name="run">Runs the module on one of them.</param>
    public static ModuleScores Find(LogitTap tap, ScoreRows output, Action<int> run)
    {
        ScoreEvidence told = output.Judged();
        bool isLogarithm = told.Kind == ScoreKind.Logits && output.Exponential() is { AreFinite: true, AreAlike: false } exponential && exponential.AddUpTo(1);
        ModuleScores found = new(told, null, output.Rounding) { Total = told.Total, IsLogarithm = isLogarithm };
        if (told.Kind == ScoreKind.Logits && !isLogarithm)
        {
            return found;
        }

        ScoreRows shares = found.Shares(output);
        foreach ((LogitTap.Place place, float[] values) in Seen(tap, output.Count, output.Width, run))
        {
            ScoreRows seen = ScoreRows.Of(values, output.Width, output.Rounding);
            bool isOutput = seen.AreThose(output);
            if (!isOutput && shares.AreSoftmaxOf(seen))
            {
                string end = isLogarithm ? "the logarithm of a softmax" : told.Total == 1 ? "a softmax" : $"{told.Total} times a softmax";
                return found with { Evidence = new ScoreEvidence(ScoreKind.BeforeSoftmax, $"The module ends in {end}; the scores before it, of '{tap.NameOf(place)}', are taken."), Logits = place };
            }

            if (told.Kind == ScoreKind.Unclear && output.AreSigmoidOf(seen))
            {
                return found with { Evidence = new ScoreEvidence(ScoreKind.BeforeSigmoid, $"The module ends in a sigmoid; the scores before it, of '{tap.NameOf(place)}', are taken."), Logits = place };
            }

            if (told.Kind == ScoreKind.Unclear && tap.IsLinear(place) && isOutput)
            {
                return found with { Evidence = ScoreEvidence.Untold };
            }
        }

        return found;
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
        if (logits is null || !Agree(RowsOf(logits), RowsOf(output)))
        {
            throw new InvalidOperationException(
                $"For made-up images the module '{network}' gave what a softmax or sigmoid makes of the scores inside it, and for these images it gives something else. Let it give its scores before that, [batch, classes].");
        }

        return logits;
    }

    private bool Agree(ScoreRows logits, ScoreRows output) =>
        Evidence.Kind == ScoreKind.BeforeSigmoid ? output.FitSigmoidOf(logits) : Shares(output).FitSoftmaxOf(logits);

    private ScoreRows Shares(ScoreRows output) => IsLogarithm ? output.Exponential() : Total == 1 ? output : output.Divided(Total);

    private ScoreRows RowsOf(Tensor scores) => ScoreRows.Of(TensorData.ToFloats(scores.detach()), (int)scores.shape[1], Rounding);

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
