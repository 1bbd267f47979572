using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>Every family in every other way to write it: the layer is the same layer, and its maps are the same maps.</summary>
[TestClass]
public sealed class TransformationTests
{
    private const double Tolerance = 1e-4;

    private static readonly ConcurrentDictionary<string, Dictionary<string, long[]>> Shapes = new();
    private static readonly ConcurrentDictionary<string, Explaining> Plain = new();

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [TestCategory("Transformations")]
    public void A_network_that_is_written_otherwise_is_explained_alike()
    {
        Stopwatch watch = Stopwatch.StartNew();
        bool isAll = Environment.GetEnvironmentVariable("ABSCAM_TRANSFORMATIONS") == "all";
        int pairs = 0;
        List<(string Transformation, string Text)> faults = [];

        // The ways are those of square images and of maps [batch, channels, height, width].
        IReadOnlyList<Family> families = [.. Family.All.Where(family => !TokenFamily.All.Any(tokens => tokens.Family.Name == family.Name))];
        for (int at = 0; at < Transformation.All.Count; at++)
        {
            // In the suite one family stands for all: another one for each transformation.
            Transformation transformation = Transformation.All[at];
            int held = 0;
            for (int i = 0; i < families.Count && (isAll || held == 0); i++)
            {
                Family family = families[((at * 7) + i) % families.Count];
                if (Written(family, transformation.Apply) is not Rewriting net)
                {
                    continue;
                }

                held++;
                string? fault = Fault(family, transformation, net);
                if (fault is not null)
                {
                    faults.Add((transformation.Name, $"{family.Name}, {transformation.Name}: {fault}"));
                }
            }

            Assert.IsGreaterThan(0, held, $"{transformation.Name} applies to no family.");
            pairs += held;
        }

        TestContext.WriteLine($"{pairs - faults.Count} of {pairs} pairs of a family and a transformation hold, {watch.Elapsed.TotalSeconds:F0} s");
        foreach (IGrouping<string, (string Transformation, string Text)> group in faults.GroupBy(fault => fault.Transformation))
        {
            TestContext.WriteLine($"{group.Count()} do not: {group.Key}");
        }

        foreach ((_, string text) in faults)
        {
            TestContext.WriteLine(text);
        }

        Assert.IsEmpty(faults, faults.FirstOrDefault().Text);
    }

    private static Rewriting? Written(Family family, Func<Rewriting, bool> apply)
    {
        Rewriting net = new(family, Shapes.GetOrAdd(family.Name, _ => ValueShapes.Of(family.Write())));
        return apply(net) ? net : null;
    }

    private static string? Fault(Family family, Transformation transformation, Rewriting net)
    {
        try
        {
            Explaining expected = transformation.Reference is null
                ? Plain.GetOrAdd(family.Name, _ => Explaining.Of(Written(family, _ => true)!))
                : Explaining.Of(Written(family, transformation.Reference)!);
            Explaining actual = Explaining.Of(net);
            return actual.Pick != net.Pick ? $"{actual.Pick ?? "nothing"} is picked, {net.Pick} is right"
                : Distance(expected.Probabilities, actual.Probabilities) is var p && !(p <= Tolerance) ? $"probabilities differ by {p:G3}"
                : Distance(expected.Maps, actual.Maps) is var m && !(m <= Tolerance) ? $"maps differ by {m:G3}"
                : null;
        }
        catch (Exception refused) when (refused is NetworkLoadException or ArgumentException or InvalidOperationException)
        {
            return refused.Message;
        }
    }

    private static double Distance(float[][] expected, float[][] actual) =>
        expected.Zip(actual, (left, right) => left.Length == right.Length ? left.Zip(right, (a, b) => a.Equals(b) ? 0 : Math.Abs((double)a - b)).Max() : double.NaN).Aggregate(0.0, Math.Max);
}
