using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.AbsCam.Audit.Strategies;

/// <summary>Points in groups, by ML.NET's own k-means.</summary>
/// <param name="GroupOf">The group of each point, from 0.</param>
/// <param name="Index">The sum of squared distances to the groups' middles, as a share of that to the middle of all: small where groups are apart.</param>
/// <param name="Assign">Gives other points of the same space the group whose middle is nearest.</param>
internal sealed record Grouping(int[] GroupOf, double Index, Func<IReadOnlyList<float[]>, int[]> Assign)
{
    /// <summary>One group of all.</summary>
    public static Grouping None(int points) => new(new int[points], 1, other => new int[other.Count]);

    public static Grouping Of(MLContext context, IReadOnlyList<float[]> points, int groups)
    {
        IDataView data = FeatureSpace.View(context, points);
        var model = context.Clustering.Trainers.KMeans(new KMeansTrainer.Options { FeatureColumnName = FeatureSpace.Values, NumberOfClusters = groups, NumberOfThreads = 1, MaximumNumberOfIterations = 100, InitializationAlgorithm = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus }).Fit(data);
        int[] assign(IDataView view) => [.. model.Transform(view).GetColumn<uint>("PredictedLabel").Select(label => (int)label - 1)];
        int[] groupOf = assign(data);
        double all = Squares(points);
        double within = Enumerable.Range(0, groups).Sum(group => Squares([.. points.Where((_, i) => groupOf[i] == group)]));
        return new Grouping(groupOf, all > 0 ? within / all : 1, other => assign(FeatureSpace.View(context, other)));
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
}
