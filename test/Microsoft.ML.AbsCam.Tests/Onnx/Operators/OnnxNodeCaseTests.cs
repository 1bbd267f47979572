using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

[TestClass]
public sealed class OnnxNodeCaseTests
{
    // The ONNX project's own bounds.
    private const double Relative = 1e-3;
    private const double Absolute = 1e-6;

    // These compare sums of hundreds of numbers in float32.
    private const double ExportAbsolute = 1e-5;

    private static readonly string[] Groups = ["pytorch-operator", "pytorch-converted"];

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object?[]> Exports()
    {
        object?[][] names = [.. Groups.SelectMany(group => OnnxNodeCase.In(group).Where(one => one.NotApplicable() is null).Select(one => new object?[] { one.Name, group }))];
        return names.Length == 0 ? [[null, ""]] : names;
    }

    public static IEnumerable<object?[]> Applicable()
    {
        string[] names = [.. OnnxNodeCase.All.Where(one => one.NotApplicable() is null && !one.IsReadOtherwise).Select(one => one.Name)];
        return names.Length == 0 ? [[null]] : names.Select(name => new object?[] { name });
    }

    [TestMethod]
    [DynamicData(nameof(Applicable))]
    public void An_operator_gives_what_the_format_says(string? name)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase one = OnnxNodeCase.Named(name);
        if (one.RefusedFor is string reason)
        {
            StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => one.Check(Relative, Absolute)).Message, reason);
            return;
        }

        one.Check(Relative, Absolute);
    }

    [TestMethod]
    [DynamicData(nameof(Exports))]
    public void An_export_of_PyTorch_gives_what_PyTorch_gave(string? name, string group)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase.Named(name, group).Check(Relative, ExportAbsolute);
    }

    [TestMethod]
    [DataRow("node", 0.5)]
    [DataRow("pytorch-operator", 0.8)]
    [DataRow("pytorch-converted", 0.9)]
    public void What_is_left_out_is_counted_by_reason(string group, double least)
    {
        IReadOnlyList<OnnxNodeCase> all = OnnxNodeCase.In(group);
        if (all.Count == 0)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        IGrouping<string, OnnxNodeCase>[] reasons = [.. all.GroupBy(Fate).OrderByDescending(cases => cases.Count())];
        foreach (IGrouping<string, OnnxNodeCase> reason in reasons)
        {
            TestContext.WriteLine($"{reason.Count(),4} {reason.Key}");
        }

        Assert.IsGreaterThan(least * all.Count, reasons.Single(cases => cases.Key == "run").Count());
    }

    [TestMethod]
    public void The_documentation_lists_every_operator()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "use", "onnx.md"));
        string list = text[text.IndexOf("The operators (", StringComparison.Ordinal)..].Split('.')[0];
        string[] listed = list[(list.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries);
        CollectionAssert.AreEquivalent(OperatorRegistry.Names.ToArray(), listed);
    }

    [TestMethod]
    public void The_documentation_lists_every_operator_that_is_not_read_and_says_why()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "use", "onnx.md"));
        string[][] rows = [.. lines.SkipWhile(line => line != "| operators | why |").Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|'))];
        CollectionAssert.AreEquivalent(UnreadOperators.Names.ToArray(), rows.SelectMany(row => row[1].Split(',', StringSplitOptions.TrimEntries)).ToArray());
        Assert.IsTrue(rows.All(row => row[2].Trim().Length > 0));
    }

    private static string Fate(OnnxNodeCase one) =>
        one.NotApplicable() ?? (one.RefusedFor is string reason ? $"refused on purpose ({reason})" : one.IsReadOtherwise ? "reads the format otherwise" : "run");
}
