using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Strategies;

/// <summary>
/// What lies under the heat as points of few dimensions, by ML.NET's own transforms: each number at mean 0 and deviation 1, then the first principal components that vary.
/// </summary>
internal sealed class FeatureSpace
{
    public const string Values = nameof(Point.Values);

    // Of the greatest number, or of the widest component: what varies by less is rounding, which mean and deviation would blow up to a dimension.
    private const float Rounding = 1e-4f;

    private readonly MLContext _context;
    private readonly ITransformer _model;
    private readonly bool[] _varies;
    private readonly int[] _kept;

    private FeatureSpace(MLContext context, ITransformer model, bool[] varies, int[] kept) => (_context, _model, _varies, _kept) = (context, model, varies, kept);

    /// <param name="context">What fits.</param>
    /// <param name="vectors">Those that say how numbers vary.</param>
    /// <param name="rank">The most dimensions; none are left where nothing varies.</param>
    public static FeatureSpace Of(MLContext context, IReadOnlyList<float[]> vectors, int rank)
    {
        bool[] varies = [.. Enumerable.Range(0, vectors[0].Length).Select(i => Range(vectors, i) is var (least, greatest) && greatest - least > Rounding * Math.Max(Math.Abs(least), Math.Abs(greatest)))];

        // A component more than there are dimensions has no meaning, and numbers all the same.
        rank = Math.Clamp(varies.Count(isSo => isSo), 1, rank);
        IDataView data = View(context, Varying(vectors, varies));
        ITransformer model = context.Transforms.NormalizeMeanVariance(Values, fixZero: false)
            .Append(context.Transforms.ProjectToPrincipalComponents(Values, rank: rank, seed: 1))
            .Fit(data);
        float[][] components = Transformed(model, data);

        float[] spreads = [.. Enumerable.Range(0, rank).Select(i => components.All(point => float.IsFinite(point[i])) && Range(components, i) is var (least, greatest) ? greatest - least : 0)];
        int[] kept = [.. Enumerable.Range(0, rank).Where(i => spreads[i] > Rounding * Math.Max(1, spreads.Max()))];
        return new FeatureSpace(context, model, varies, kept);
    }

    public float[][] Points(IReadOnlyList<float[]> vectors) => [.. Transformed(_model, View(_context, Varying(vectors, _varies))).Select(point => _kept.Select(i => point[i]).ToArray())];

    private static IReadOnlyList<float[]> Varying(IReadOnlyList<float[]> vectors, bool[] varies) => [.. vectors.Select(vector => vector.Select((value, i) => varies[i] ? value : 0).ToArray())];

    private static (float Least, float Greatest) Range(IReadOnlyList<float[]> vectors, int i) => (vectors.Min(vector => vector[i]), vectors.Max(vector => vector[i]));

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
