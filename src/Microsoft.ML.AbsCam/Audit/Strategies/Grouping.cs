using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.AbsCam.Audit.Strategies;

/// <summary>Points in groups, by ML.NET's own normalisation, principal components and k-means.</summary>
/// <param name="GroupOf">The group of each point, from 0.</param>
/// <param name="Index">The sum of squared distances to the groups' middles, as a share of that to the middle of all: small where groups are apart.</param>
internal sealed record Grouping(int[] GroupOf, double Index)
{
    /// <summary>Normalises each number to mean 0 and deviation 1, and takes the first principal components that vary; none where nothing does.</summary>
    public static float[][] Components(MLContext context, IReadOnlyList<float[]> vectors, int rank)
    {
        IDataView data = View(context, vectors);
        var pipeline = context.Transforms.NormalizeMeanVariance(nameof(Point.Values), fixZero: false)
            .Append(context.Transforms.ProjectToPrincipalComponents(nameof(Point.Values), rank: rank, seed: 1));
        float[][] components = [.. pipeline.Fit(data).Transform(data).GetColumn<VBuffer<float>>(nameof(Point.Values)).Select(values => values.DenseValues().ToArray())];

        // Vectors of fewer dimensions than were asked for have components of no meaning.
        int[] kept = [.. Enumerable.Range(0, rank).Where(i => components.All(point => float.IsFinite(point[i])) && components.Max(point => point[i]) - components.Min(point => point[i]) > 1e-4)];
        return [.. components.Select(point => kept.Select(i => point[i]).ToArray())];
    }

    public static Grouping Of(MLContext context, IReadOnlyList<float[]> points, int groups)
    {
        IDataView data = View(context, points);
        var model = context.Clustering.Trainers.KMeans(new KMeansTrainer.Options { FeatureColumnName = nameof(Point.Values), NumberOfClusters = groups, NumberOfThreads = 1, MaximumNumberOfIterations = 100, InitializationAlgorithm = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus }).Fit(data);
        int[] groupOf = [.. model.Transform(data).GetColumn<uint>("PredictedLabel").Select(label => (int)label - 1)];
        double all = Squares(points);
        double within = Enumerable.Range(0, groups).Sum(group => Squares([.. points.Where((_, i) => groupOf[i] == group)]));
        return new Grouping(groupOf, all > 0 ? within / all : 1);
    }

    /// <summary>The mean silhouette (Rousseeuw 1987), -1 to 1: how much nearer points are to their own group than to the next.</summary>
    public double Silhouette(IReadOnlyList<float[]> points)
    {
        int groups = GroupOf.Max() + 1;
        return Enumerable.Range(0, points.Count).Average(i =>
        {
            double[] distances = new double[groups];
            int[] counts = new int[groups];
            for (int j = 0; j < points.Count; j++)
            {
                if (j != i)
                {
                    distances[GroupOf[j]] += System.Numerics.Tensors.TensorPrimitives.Distance(points[i], points[j]);
                    counts[GroupOf[j]]++;
                }
            }

            if (counts[GroupOf[i]] == 0)
            {
                return 0;
            }

            double own = distances[GroupOf[i]] / counts[GroupOf[i]];
            double next = Enumerable.Range(0, groups).Where(group => group != GroupOf[i] && counts[group] > 0).Select(group => distances[group] / counts[group]).DefaultIfEmpty(own).Min();
            return (next - own) / Math.Max(Math.Max(next, own), 1e-12);
        });
    }

    private static double Squares(IReadOnlyList<float[]> points)
    {
        if (points.Count == 0)
        {
            return 0;
        }

        double[] middle = [.. Enumerable.Range(0, points[0].Length).Select(i => points.Average(point => (double)point[i]))];
        return points.Sum(point => point.Select((value, i) => (value - middle[i]) * (value - middle[i])).Sum());
    }

    private static IDataView View(MLContext context, IReadOnlyList<float[]> vectors)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Point));
        schema[nameof(Point.Values)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, vectors[0].Length);
        return context.Data.LoadFromEnumerable(vectors.Select(values => new Point { Values = values }), schema);
    }

    private sealed class Point
    {
        public float[] Values { get; set; } = [];
    }
}
