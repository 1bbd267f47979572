using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Runs a baked file in ONNX Runtime beside this library, on made-up images.</summary>
/// <param name="network">The network that was baked.</param>
/// <param name="imported">The same, imported.</param>
/// <param name="options">How it is explained.</param>
/// <param name="layer">The layer.</param>
/// <param name="saliency">The output of the maps.</param>
/// <param name="classes">The output of the classes.</param>
/// <param name="given">The input of the classes; null where there is none.</param>
/// <param name="question">What the file answers besides which class; null where nothing.</param>
/// <param name="adjoints">What was written of the gradient, where a fault is looked for.</param>
internal sealed class BakeCheck(
    OnnxImageNetwork network, OnnxNetwork imported, BakeOptions options, FeatureLayer layer, string saliency, string classes, string? given, BakedQuestion? question, IReadOnlyList<WrittenAdjoint> adjoints)
{
    /// <summary>Of a map in [0,1]: engines add in another order, and differ by far more where they mean different things.</summary>
    private const double Agreement = 1e-4;

    private const int MasksAtOnce = 8;

    /// <summary>What made-up images are multiplied by.</summary>
    private static readonly double[] Scales = [1, -3];

    /// <returns>The greatest difference between two pixels; null where all maps are flat, so that nothing can be told.</returns>
    /// <exception cref="NetworkLoadException">The file does not run, or gives other maps or classes.</exception>
    public double? Run(byte[] file, InputSizes sizes)
    {
        int rows = sizes.IsOfOne || imported.RunsRowByRow ? 1 : 2;
        double? difference = Compare(network, file, rows, imported.InputHeight, imported.InputWidth);
        if (sizes.IsOpen)
        {
            using ImageNetwork larger = network.ReopenAt(2 * imported.InputHeight, 2 * imported.InputWidth);
            difference = Greater(difference, Compare(larger, file, rows, 2 * imported.InputHeight, 2 * imported.InputWidth));
        }

        return difference;
    }

    /// <summary>What is said where there is nothing to compare.</summary>
    public NetworkLoadException AllFlat() => new NetworkLoadException($"{network.Name}: on made-up images all maps of '{options.Method}' at the layer '{layer.Name}' are flat, so nothing tells whether the baked file's are right, and nothing was written. Choose another layer or method.");

    /// <summary>The same question about what made-up images have; null where there is none, or it may be asked about anything.</summary>
    public SaliencyTarget? Elsewhere()
    {
        bool isOfBox = options.Target is BoxTarget { Sides: not null };
        if (!isOfBox && (question?.Kind != BakedQuestionKind.Region || options.Target.ClassPart is not (ClassTarget or NamedClassTarget)))
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Question asking = QuestionOf.Target(network, isOfBox ? SaliencyTarget.Box() : SaliencyTarget.Region(), ScoreRule.Auto, options.Labels ?? network.Labels);
        var explainer = new Explainer(network, new ExplainerSettings(
            [network.FindLayer(layer.Name)], LayerFusion.Product, SaliencyMethod.LayerCam, new MapTolerance(0, ToleranceKind.Guaranteed), true, MasksAtOnce, asking, CPU, NetworkEngine.TorchSharp)
        {
            IsTrial = true,
        });
        Explanation found = explainer.Explain(imported.MadeUp(1, imported.InputHeight, imported.InputWidth, Scales[0]).Images, RowAsks.Nothing, withMaps: false);
        SaliencyTarget its = SaliencyTarget.Class(found.Targets[0]);
        return !isOfBox ? options.Target is ContrastTarget contrast ? SaliencyTarget.Contrast(contrast.Against, its, contrast.Gamma) : its
            : found.Places?[0] is AskedPlace.BoxPlace box && box.Right > box.Left && box.Bottom > box.Top
                ? SaliencyTarget.Box(box.Left, box.Top, box.Right - box.Left, box.Bottom - box.Top, options.Target.ClassPart) : null;
    }

    // Images of another contrast and mean, where the first leave a layer without anything.
    private double? Compare(ImageNetwork reference, byte[] file, int rows, int height, int width) =>
        Scales.Select(scale => Compare(reference, file, rows, height, width, scale)).FirstOrDefault(difference => difference is not null);

    private static double? Greater(double? left, double? right) => left is null || right > left ? right : left;

    // Null where all maps are flat.
    private double? Compare(ImageNetwork reference, byte[] file, int rows, int height, int width, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        (Tensor images, Tensor brought) = imported.MadeUp(rows, height, width, scale);
        int[]? asked = given is null ? FixedClass(rows) : [.. Enumerable.Range(0, rows).Select(row => (row + 1) % Math.Max(2, network.Shape.ClassCount))];
        Question asking = QuestionOf.Target(reference, options.Target, ScoreRule.Auto, options.Labels ?? network.Labels);

        // Hundreds of forward passes, where the adjoints play no part.
        NetworkEngine engine = options.Method.UsesTolerance || options.Method.NeedsLogit ? reference.ChooseEngine(NetworkEngine.Auto, CPU, [layer.Name], withGradients: false).Engine : NetworkEngine.TorchSharp;
        var explainer = new Explainer(reference, new ExplainerSettings(
            [reference.FindLayer(layer.Name)], LayerFusion.Product, options.Method, new MapTolerance(0, ToleranceKind.Guaranteed), options.MapSize == MapSize.Layer, MasksAtOnce, asking, CPU, engine)
        {
            IsTrial = true,
        });
        var asks = new RowAsks(asked, FixedOther(rows), options.Target is BoxTarget { Sides: [var left, var top, var right, var bottom] } ? [.. Enumerable.Repeat(new AskedPlace.BoxPlace(left, top, right, bottom), rows)] : null);
        Explanation expected = explainer.Explain(images, asks, withMaps: true);

        if (expected.Status.FirstOrDefault(status => status is not (MapStatus.Ok or MapStatus.Flat or MapStatus.NotFinite or MapStatus.TargetNotFound)) is MapStatus other and not MapStatus.Ok)
        {
            throw new NetworkLoadException($"{network.Name}: on made-up images the status of '{options.Method}' at the layer '{layer.Name}' is {other} ({MapStatusText.Of(other)}), which a file cannot tell, so nothing was written. Choose another layer or method.");
        }

        Tensor maps = empty([rows, expected.MapHeight, expected.MapWidth], ScalarType.Float32);
        Tensor found = empty([rows], ScalarType.Int64);
        AnswerCheck? answer = question is null ? null : new AnswerCheck(question, reference.Layout, expected);
        string[] names = given is null ? [imported.InputName] : [imported.InputName, given];
        Tensor[] inputs = given is null ? [brought.contiguous()] : [brought.contiguous(), HostValues.Of([.. asked!.Select(index => (long)index)])];
        try
        {
            using RuntimeSession session = RuntimeSession.Open(file, names, get_num_threads());
            session.Run(inputs, [saliency, classes, .. question?.Outputs ?? []], [maps, found, .. answer?.Values ?? []]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            string why = e.GetBaseException().Message.Split('\n')[0].TrimEnd('.');
            throw new NetworkLoadException(
                RunsItself()
                    ? $"{network.Name}: ONNX Runtime does not run the baked file ({why}), so nothing was written. Choose a layer nearer to the scores."
                    : $"{network.Name}: ONNX Runtime does not run the model itself ({why}), so nothing was written. Export it anew.",
                e);
        }

        long[] taken = HostValues.Ints(found);
        if (!taken.SequenceEqual(expected.Targets.Select(index => (long)index)))
        {
            throw new NetworkLoadException($"{network.Name}: the baked file explains the classes {TensorSizes.Text(taken)} of made-up images, and this library {string.Join(", ", expected.Targets)}, so nothing was written. {Place()}");
        }

        if (answer?.WhyNot() is string whyNot)
        {
            throw new NetworkLoadException($"{network.Name}: {whyNot}, so nothing was written. {Place()}");
        }

        float[] actual = maps.ToFloats();
        double difference = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double here = float.IsNaN(actual[i]) && float.IsNaN(expected.Maps[i]) ? 0 : Math.Abs(actual[i] - expected.Maps[i]);
            difference = double.IsNaN(here) ? double.PositiveInfinity : Math.Max(difference, here);
        }

        return difference <= Agreement
            ? actual.All(float.IsNaN) ? null : difference
            : throw new NetworkLoadException(FormattableString.Invariant($"{network.Name}: on made-up images the baked file's maps differ from this library's by up to {difference:G3}, so nothing was written. {Place()}"));

        string Place() => new FaultPlace(imported, file, adjoints).Find(names, inputs, asking, asks);
    }

    private bool RunsItself()
    {
        try
        {
            RuntimeSession.Open(network.ToBake().File.ToArray(), [imported.InputName], 1).Dispose();
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    private int[]? FixedClass(int rows) => options.IndexOf(options.Target.ClassPart, network.Labels) is int index ? [.. Enumerable.Repeat(index, rows)] : null;

    private int[]? FixedOther(int rows) => options.Target.AgainstPart is SaliencyTarget other && options.IndexOf(other, network.Labels) is int index ? [.. Enumerable.Repeat(index, rows)] : null;
}
