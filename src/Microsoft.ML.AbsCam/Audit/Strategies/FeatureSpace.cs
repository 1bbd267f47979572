using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Strategies;

/// <summary>
/// What lies under the heat as points of few dimensions, by ML.NET's own transforms: each number at mean 0 and deviation 1, then the first principal components that vary.
/// </summary>
internal sealed class FeatureSpace
{
    public const string Values = nameof(Point.Values);

    private readonly MLContext _context;
    private readonly ITransformer _model;
    private readonly int[] _kept;

    private FeatureSpace(MLContext context, ITransformer model, int[] kept) => (_context, _model, _kept) = (context, model, kept);

    /// <param name="context">What fits.</param>
    /// <param name="vectors">Those that say how numbers vary.</param>
    /// <param name="rank">The most dimensions; none are left where nothing varies.</param>
    public static FeatureSpace Of(MLContext context, IReadOnlyList<float[]> vectors, int rank)
    {
        IDataView data = View(context, vectors);
        ITransformer model = context.Transforms.NormalizeMeanVariance(Values, fixZero: false)
            .Append(context.Transforms.ProjectToPrincipalComponents(Values, rank: rank, seed: 1))
            .Fit(data);
        float[][] components = Transformed(model, data);

        // Vectors of fewer dimensions than were asked for have components of no meaning.
        int[] kept = [.. Enumerable.Range(0, rank).Where(i => components.All(point => float.IsFinite(point[i])) && components.Max(point => point[i]) - components.Min(point => point[i]) > 1e-4)];
        return new FeatureSpace(context, model, kept);
    }

    public float[][] Points(IReadOnlyList<float[]> vectors) => [.. Transformed(_model, View(_context, vectors)).Select(point => _kept.Select(i => point[i]).ToArray())];

    /// <summary>Vectors of one length as data of the column <see cref="Values"/>.</summary>
    public static IDataView View(MLContext context, IReadOnlyList<float[]> vectors)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Point));
        schema[Values].ColumnType = new VectorDataViewType(NumberDataViewType.Single, vectors[0].Length);
        return context.Data.LoadFromEnumerable(vectors.Select(values => new Point { Values = values }), schema);
    }

    private static float[][] Transformed(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<VBuffer<float>>(Values).Select(values => values.DenseValues().ToArray())];

    private sealed class Point
    {
        public float[] Values { get; set; } = [];
    }
}
