using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>The class's probabilities in one experiment, as they come back from the network.</summary>
/// <param name="target">The class.</param>
/// <param name="count">How many pictures.</param>
/// <param name="gain">Whether the probability is to rise, or to fall.</param>
internal sealed class Readings(int target, int count, bool gain)
{
    private const int MostControls = 2;

    private readonly float[] _before = new float[count];
    private readonly float[] _treated = new float[count];
    private readonly float[][] _controls = [.. Enumerable.Range(0, MostControls).Select(_ => new float[count])];
    private readonly bool[] _wasTarget = new bool[count];
    private readonly bool[] _isTarget = new bool[count];

    public void Before(ImageScorer scorer, int i, float[] picture) => scorer.Ask(picture, reply => (_before[i], _wasTarget[i]) = (reply[target], IsTarget(reply)));

    public void Treat(ImageScorer scorer, int i, float[] picture) => scorer.Ask(picture, reply => (_treated[i], _isTarget[i]) = (reply[target], IsTarget(reply)));

    public void Control(ImageScorer scorer, int i, int control, float[] picture) => scorer.Ask(picture, reply => _controls[control][i] = reply[target]);

    public TrialResult Result(string name, int controls) => new(
        name,
        gain,
        Changes(_treated),
        [.. _controls.Take(controls).Select(Changes)],
        Enumerable.Range(0, count).Count(i => _wasTarget[i] != gain && _isTarget[i] == gain));

    private double[] Changes(float[] after) => [.. after.Zip(_before, (now, then) => gain ? (double)now - then : (double)then - now)];

    private bool IsTarget(ReadOnlySpan<float> probabilities) => probabilities[target] >= TensorPrimitives.Max(probabilities);
}
