using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// How many channels of a picture have to be run before any rule could promise a tolerance, if it runs them in the same order and knows no
/// more of a score than that it is a probability: while two choices of the scores left give maps that are twice the tolerance apart, no
/// map is near both.
/// </summary>
internal sealed class ToleranceFloor
{
    private readonly int _count;
    private readonly double[][] _maps;
    private readonly double[] _scores;
    private readonly int[] _order;

    private ToleranceFloor(float[] weights, float[] enlarged, int corners, float[] scores)
    {
        _count = corners;
        _maps = [.. weights.Select((weight, k) => enlarged.Skip(k * corners).Take(corners).Select(value => (double)weight * value).ToArray())];
        _scores = [.. scores.Select(score => (double)score)];
        _order = [.. Enumerable.Range(0, weights.Length).Where(k => _maps[k].Max() > _maps[k].Min()).OrderByDescending(k => _maps[k].Max())];
    }

    /// <summary>Of the picture itself and its channels, how many images have to be run on average, for each tolerance.</summary>
    public static double[] Of(string model, string[] pictures, double[] tolerances)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        string layer = network.FindLayer(null).Name;
        NetworkEngine engine = network.ChooseEngine(NetworkEngine.Auto, CPU, [layer]).Engine;
        var tensorizer = new ImageTensorizer(ImagePreprocessing.For(network.Shape.Height, network.Shape.Width));
        double[] images = new double[tolerances.Length];
        foreach (string picture in pictures)
        {
            ToleranceFloor floor = Read(network, layer, engine, tensorizer, picture);
            for (int t = 0; t < tolerances.Length; t++)
            {
                images[t] += (1.0 + floor.Least(tolerances[t])) / pictures.Length;
            }
        }

        return images;
    }

    private static ToleranceFloor Read(ImageNetwork network, string layer, NetworkEngine engine, ImageTensorizer tensorizer, string picture)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        using MLImage photo = ImageFile.Load(picture);
        Tensor image = empty([1, 3, network.Shape.Height, network.Shape.Width]);
        tensorizer.Write(photo, image.Floats());
        LayerPass pass = network.RunFromLayer(image, layer, CPU, withGraph: true, engine);
        int target = (int)pass.Logits.argmax(1).item<long>();
        Tensor weights = network.Gradients(pass, [[target]])[0].abs().mean([2, 3]);
        Tensor maps = pass.Activation.detach();
        int channels = (int)maps.shape[1];
        float[] scores = new float[channels];
        using var scorer = new MaskScorer(image, maps * weights.unsqueeze(2).unsqueeze(3), (masked, _) => network.RunForward(masked, CPU, engine).softmax(1), channels);
        MaskScores all = scorer.Score([.. Enumerable.Range(0, channels).Select(k => (0, k))]);
        for (int k = 0; k < channels; k++)
        {
            scores[k] = all.Probability(k, target);
        }

        var corners = new CornerPixels((int)maps.shape[2], (int)maps.shape[3], image.shape[2], image.shape[3]);
        return new ToleranceFloor(weights.ToFloats(), corners.Enlarge(maps.ToFloats()), corners.Count, scores);
    }

    private int Least(double tolerance)
    {
        double[] known = new double[_count];
        int run = 0;
        while (run < _order.Length && AreApart(known, _order.AsSpan(run), 2 * tolerance))
        {
            Add(known, _maps[_order[run]], _scores[_order[run]]);
            run++;
        }

        return run;
    }

    /// <summary>Whether scores that lift a pixel, beside the others, and scores that lower it take it so far apart.</summary>
    private bool AreApart(double[] known, ReadOnlySpan<int> left, double distance)
    {
        double[] middle = [.. known];
        foreach (int k in left)
        {
            Add(middle, _maps[k], GuaranteedRule.Unknown);
        }

        (int top, int bottom) = (Array.IndexOf(middle, middle.Max()), Array.IndexOf(middle, middle.Min()));
        for (int u = 0; u < _count; u++)
        {
            double height = (middle[u] - middle[bottom]) / (middle[top] - middle[bottom] + MapMath.NormEpsilon);
            double[] lifted = [.. known];
            double[] lowered = [.. known];
            foreach (int k in left)
            {
                double[] map = _maps[k];
                bool lifts = map[u] - map[bottom] > height * (map[top] - map[bottom]);
                Add(lifts ? lifted : lowered, map, 1);
            }

            if (Normalised(lifted, u) - Normalised(lowered, u) > distance)
            {
                return true;
            }
        }

        return false;
    }

    private static double Normalised(double[] sum, int pixel)
    {
        double least = Math.Max(sum.Min(), 0);
        return (Math.Max(sum[pixel], 0) - least) / (sum.Max() - least + MapMath.NormEpsilon);
    }

    private static void Add(double[] sum, double[] map, double factor)
    {
        for (int u = 0; u < sum.Length; u++)
        {
            sum[u] += factor * map[u];
        }
    }
}
