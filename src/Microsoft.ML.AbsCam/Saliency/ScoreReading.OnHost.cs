namespace Microsoft.ML.AbsCam.Saliency;

/// <content>The same of arrays, without TorchSharp.</content>
internal sealed partial class ScoreReading
{
    /// <summary>The logits of the classes, one row's after the other's: what is differentiated.</summary>
    /// <param name="scores">What the network gives, one row's scores after the other's.</param>
    public float[] Logits(float[] scores)
    {
        float[] logits = _undo switch
        {
            UndoneBy.Logarithm => Array.ConvertAll(scores, score => (float)Math.Log(Share(score))),
            UndoneBy.LogOdds => Array.ConvertAll(scores, score => (float)(Math.Log(Share(score)) - Math.Log(Math.Max(1 - Share(score), LeastProbability)))),
            _ => scores,
        };
        return IsBinary ? [.. logits.SelectMany(logit => (float[])[-logit, logit])] : logits;
    }

    /// <summary>From the logits to what stands in the probability columns.</summary>
    /// <param name="logits">What <see cref="Logits(float[])"/> gave.</param>
    public float[] Probabilities(float[] logits)
    {
        switch (_make)
        {
            case MadeBy.Sigmoid:
                return Array.ConvertAll(logits, logit => (float)(1 / (1 + Math.Exp(-logit))));
            case MadeBy.Exponential:
                return Array.ConvertAll(logits, logit => (float)Math.Exp(logit));
            case MadeBy.Softmax:
                float[] probabilities = new float[logits.Length];
                for (int first = 0; first < logits.Length; first += ClassCount)
                {
                    ReadOnlySpan<float> row = logits.AsSpan(first, ClassCount);
                    double most = double.NegativeInfinity;
                    foreach (float logit in row)
                    {
                        most = Math.Max(most, logit);
                    }

                    double sum = 0;
                    foreach (float logit in row)
                    {
                        sum += Math.Exp(logit - most);
                    }

                    for (int i = 0; i < row.Length; i++)
                    {
                        probabilities[first + i] = (float)(Math.Exp(row[i] - most) / sum);
                    }
                }

                return probabilities;
            default:
                return logits;
        }
    }

    // As Shares of a tensor.
    private double Share(float score)
    {
        double share = score / _total;
        return share is >= -MostOverOne and <= 1 + MostOverOne ? Math.Clamp(share, LeastProbability, 1) : double.NaN;
    }
}
