using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>Networks that are drawn from seeds: layer, probabilities and maps are those that TorchSharp gives of the same network.</summary>
[TestClass]
public sealed class RandomNetworkTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [TestCategory("RandomNetworks")]
    public void Layer_probabilities_and_maps_of_drawn_networks_are_those_of_TorchSharp()
    {
        (int first, int count) = (Number("ABSCAM_RANDOM_SEED", 1), Number("ABSCAM_RANDOM_NETWORKS", 12));
        Stopwatch watch = Stopwatch.StartNew();
        (int maps, int asked) = (0, 0);
        List<(int Seed, string Kind, string Text)> faults = [];
        for (int seed = first; seed < first + count; seed++)
        {
            RandomNetworkChecks checks = RandomNetworkChecks.Of(seed);
            maps += checks.Maps;
            asked += checks.AsksForScores ? 1 : 0;
            faults.AddRange(checks.Faults.Select(fault => (seed, fault.Kind, fault.Text)));
        }

        int wrong = faults.Select(fault => fault.Seed).Distinct().Count();
        string kinds = string.Join(", ", faults.GroupBy(fault => fault.Kind).Select(group => $"{group.Key} {group.Select(fault => fault.Seed).Distinct().Count()}"));
        TestContext.WriteLine($"{count - wrong} of {count} networks hold from seed {first} on, {maps} maps compared, {asked} ask which output holds the scores, {watch.Elapsed.TotalSeconds:F0} s. {kinds}");
        foreach ((_, string kind, string text) in faults)
        {
            TestContext.WriteLine($"{kind}: {text}");
        }

        Assert.IsEmpty(faults, $"{kinds}; the first: {faults.FirstOrDefault().Text}");
        Assert.IsGreaterThanOrEqualTo(count, maps, "Most maps are flat, so that hardly anything was compared.");
    }

    [TestMethod]
    public void Places_that_a_global_maximum_leaves_out_of_one_image_count()
    {
        // A group norm whose groups look like tokens, and a maximum over the places of eight channels at the end.
        Assert.IsEmpty(RandomNetworkChecks.Of(373).Faults);
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : usual;
}
