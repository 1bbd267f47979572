using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Finds out, by running the network as far as its first tokens, whether tokens are the places that they are taken for: where pixels of the image
/// change, the token over them changes most. Behind a product over places, as attention is, any token may change, so only those before are asked.
/// </summary>
internal sealed class PlaceCheck(OnnxGraph graph, int input, ImageInput image, RunTrace trace)
{
    private const int Most = 4;

    // Two places, as shares of height and width: a turned or shifted grid has other pixels there.
    private static readonly (double Down, double Across)[] Asked = [(0.2, 0.7), (0.8, 0.3)];

    /// <summary>The maps; where tokens are elsewhere, without them and all tokens that come later.</summary>
    public IReadOnlyList<FeatureMap> Of(IReadOnlyList<FeatureMap> maps)
    {
        FeatureMap[] asked = [.. maps.Where(map => map.Tokens is not null && map.Field is not null).Take(Most)];
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        foreach (IGrouping<(int, int, double, double), FeatureMap> alike in asked.GroupBy(map => (map.Height, map.Width, map.Stride[0], map.Stride[1])))
        {
            if (FirstWrong([.. alike]) is FeatureMap wrong)
            {
                return [.. maps.TakeWhile(map => map != wrong), .. maps.SkipWhile(map => map != wrong).Where(map => map.Tokens is null)];
            }
        }

        return maps;
    }

    private FeatureMap? FirstWrong(FeatureMap[] maps)
    {
        Tensor images = image.MadeUp(trace.Batch);
        Tensor[] before = Run(images, maps);
        foreach ((double down, double across) in Asked)
        {
            (int row, int column) = ((int)(down * maps[0].Height), (int)(across * maps[0].Width));
            Tensor[] after = Run(Changed(images, maps[0], row, column), maps);
            for (int i = 0; i < maps.Length; i++)
            {
                if (!IsNear(maps[i], after[i].sub(before[i]), row, column))
                {
                    return maps[i];
                }
            }
        }

        return null;
    }

    // As far as the field reaches to each side of the place, and one more for what borders shift.
    private static bool IsNear(FeatureMap map, Tensor difference, int row, int column)
    {
        int greatest = (int)map.Layout.Present(difference).abs().sum([0, 1]).flatten().argmax().to(ScalarType.Int64).item<long>();
        return Math.Abs((greatest / map.Width) - row) <= Reach(0) && Math.Abs((greatest % map.Width) - column) <= Reach(1);

        double Reach(int axis) => map.Field![axis] <= map.Stride[axis] ? 0 : Math.Ceiling(map.Field[axis] / map.Stride[axis] / 2) + 1;
    }

    private Tensor[] Run(Tensor images, FeatureMap[] maps)
    {
        Tensor?[] values = graph.NewValues();
        values[input] = image.Bring(images);
        ExecutionPlan.For(graph, [.. maps.Select(map => map.Slot)], [input]).Run(values);
        return [.. maps.Select(map => values[map.Slot]!)];
    }

    // The pixels over one place the other way round, from the images' greatest value to their least.
    private static Tensor Changed(Tensor images, FeatureMap map, int row, int column)
    {
        Tensor changed = images.clone();
        (long top, long height) = Over(row, map.Stride[0], images.shape[2]);
        (long left, long width) = Over(column, map.Stride[1], images.shape[3]);
        Tensor pixels = changed.narrow(2, top, height).narrow(3, left, width);
        pixels.copy_(images.max().Plus(images.min()).sub(pixels));
        return changed;
    }

    private static (long From, long Size) Over(int place, double stride, long pixels)
    {
        long from = Math.Min((long)(place * stride), pixels - 1);
        return (from, Math.Clamp((long)Math.Round(stride), 1, pixels - from));
    }
}
