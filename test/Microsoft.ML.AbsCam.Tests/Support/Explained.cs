using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Maps of a view, and what they must be.</summary>
internal static class Explained
{
    public const string Map = "Saliency";

    // The float32 of libtorch beside the double of plain loops.
    public const double Tolerance = 2e-5;

    private static readonly ConcurrentDictionary<int, float[]> Expectations = new();

    public static float[][] Maps(this IDataView explained, string column = Map)
        => [.. explained.GetColumn<VBuffer<float>>(column).Select(map => map.DenseValues().ToArray())];

    /// <summary>The weighted map of the predicted class of image <paramref name="number"/>.</summary>
    public static float[] Expected(int number)
        => Expectations.GetOrAdd(number, static image => BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(image)).Map);

    public static void IsMapOf(int number, float[] map) => Close.AreClose(Expected(number), map, Tolerance, $"the map of image {number}");

    public static void AreMapsOf(IEnumerable<int> numbers, IReadOnlyList<float[]> maps)
    {
        int[] images = [.. numbers];
        Assert.HasCount(images.Length, maps);
        for (int i = 0; i < images.Length; i++)
        {
            IsMapOf(images[i], maps[i]);
        }
    }

    /// <summary>What an estimator is told of data; ML.NET keeps its own way of making one to itself.</summary>
    public static SchemaShape Shape(DataViewSchema schema)
        => new(schema.Where(column => !column.IsHidden).Select(column => SchemaShapes.Column(column.Name, column.Type, column.Annotations)));

    /// <summary>The transformer of the tiny network over vectors.</summary>
    public static AbsCamTransformer Transformer(MLContext context, AbsCamOptions? options = null, ImageNetwork? network = null)
        => context.Transforms.AbsCam(Map, nameof(VectorRow.Input), network ?? TinyNetwork.Rectified.Open(), options).Fit(TinyNetwork.View(context, 1));

    /// <summary>The map of a parity case's own class at the layer's size.</summary>
    public static float[] AtLayerSize(ImageNetwork network, SaliencyMethod method, ParityCase parity) => OfParity(network, method, parity, MapSize.Layer);

    /// <summary>The map of a parity case's own class.</summary>
    public static float[] OfParity(ImageNetwork network, SaliencyMethod method, ParityCase parity, MapSize size = MapSize.Input)
    {
        Npy input = parity.Read("input");
        MLContext context = new(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = input.Values }], [.. input.Shape.Skip(1).Select(side => (int)side)]);
        using AbsCamTransformer transformer = context.Transforms
            .AbsCam(Map, nameof(VectorRow.Input), network, new AbsCamOptions { Method = method, MapSize = size, Target = SaliencyTarget.Class(parity.Target) }).Fit(data);
        return transformer.Transform(data).Maps().Single();
    }
}
