using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Pipeline.Saved;

/// <summary>Files that earlier versions saved are read for what they meant then; each name says what that version's settings had for the first time.</summary>
[TestClass]
public sealed class EarlierVersionsTests
{
    private static readonly string[] Versions = ["first", "methods", "layers", "engines", "read-ahead", "tolerance-kinds", "import-limits", "scores-outputs"];

    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> All => Versions.Select(version => new object[] { version });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_tolerance_from_before_there_were_kinds_is_the_guarantee(string version) => Check($"{version}-weighted", new AbsCamOptions
    {
        Layers = ["before"],
        Target = SaliencyTarget.Class("dog"),
        Tolerance = 0.25,
        ToleranceKind = IsSince(version, "tolerance-kinds") ? ToleranceKind.Expected : ToleranceKind.Guaranteed,
        ScoreRule = IsSince(version, "layers") ? ScoreRule.Auto : ScoreRule.Softmax,
        Layout = VectorLayout.ChannelsFirst,
        MapSize = MapSize.Layer,
        Columns = new() { Class = "Class", Probability = "Probability", Status = "Status" },
        Labels = TinyNetwork.Labels,
        Overlay = new OverlayOptions { ColorMap = ColorMap.Viridis, Opacity = 0.25f },
        BatchSize = 3,
        ReadsAhead = IsSince(version, "read-ahead"),
        MaskBatchSize = 5,
    });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Ordinals_are_the_names_that_they_stood_for(string version) => Check($"{version}-named", new AbsCamOptions
    {
        Layers = IsSince(version, "layers") ? ["before", "map"] : ["map"],
        Fusion = IsSince(version, "layers") ? LayerFusion.Mean : LayerFusion.Product,
        ScoreRule = IsSince(version, "layers") ? ScoreRule.Sigmoid : ScoreRule.Softmax,
        Engine = IsSince(version, "engines") ? NetworkEngine.TorchSharp : NetworkEngine.Auto,
        ToleranceKind = ToleranceKind.Guaranteed,
        ImportLimits = IsSince(version, "import-limits") ? OnnxImportLimits.Default with { MostNodes = 1000 } : null,
        Target = SaliencyTarget.Top(2),
        Method = IsSince(version, "scores-outputs") ? SaliencyMethod.AbsCamPerChannelLogit : SaliencyMethod.AbsCamWhole,
        Labels = TinyNetwork.Labels,
        Preprocessing = ImagePreprocessing.For(8, 8) with { ColorOrder = ColorOrder.Bgr, Resize = ResizeRule.Pad, Mean = [0.1f, 0.2f, 0.3f], Std = [0.4f, 0.5f, 0.6f] },
        Columns = new() { Scores = "Scores", Forwards = "Forwards", Milliseconds = "Milliseconds" },
        MaskBatchSize = version == "first" ? 16 : 8,
        ReadsAhead = IsSince(version, "read-ahead"),
    });

    [TestMethod]
    [DataRow("first-initial", "abs-cam-initial", false)]
    [DataRow("scores-outputs-initial", "abs-cam-initial", true)]
    [DataRow("scores-outputs-grad-cam", "grad-cam", true)]
    public void A_phase_said_something_of_plain_Abs_CAM_alone(string name, string method, bool isNew) => Check(name, new AbsCamOptions
    {
        Method = SaliencyMethod.Parse(method),
        ToleranceKind = isNew ? ToleranceKind.Expected : ToleranceKind.Guaranteed,
        ScoreRule = isNew ? ScoreRule.Auto : ScoreRule.Softmax,
        ReadsAhead = isNew,
        MaskBatchSize = isNew ? 8 : 16,
    });

    [TestMethod]
    public void A_newer_version_is_refused_with_its_number()
    {
        byte[] newer = SavedFile.WithVersion(SavedFile.Read("first-initial"), 0x00010009);
        Exception refused = Assert.Throws<Exception>(() => Load(newer));
        StringAssert.Contains(refused.ToString(), "The saved pipeline was written by a newer version of Microsoft.ML.AbsCam: its format is 1.9, and this version reads 1.1 to 1.2. Update the package");
    }

    private static bool IsSince(string version, string first) => Array.IndexOf(Versions, version) >= Array.IndexOf(Versions, first);

    private void Check(string name, AbsCamOptions expected)
    {
        IDataView rows = TinyNetwork.View(_context, 3);
        using AbsCamTransformer loaded = Load(SavedFile.Read(name));
        AreEqual(expected, loaded.Options);
        Assert.AreEqual((Explained.Map, nameof(VectorRow.Input)), (loaded.OutputColumnName, loaded.InputColumnName));
        float[][] maps = loaded.Transform(rows).Maps();

        using var saved = new MemoryStream();
        _context.Model.Save(loaded, rows.Schema, saved);
        using AbsCamTransformer again = Load(saved.ToArray());
        AreEqual(expected, again.Options);

        using AbsCamTransformer made = Explained.Transformer(_context, expected);
        float[][] expectedMaps = made.Transform(rows).Maps();
        for (int row = 0; row < maps.Length; row++)
        {
            CollectionAssert.AreEqual(expectedMaps[row], maps[row], $"row {row}");
        }
    }

    /// <summary>Records compare lists by reference.</summary>
    private static void AreEqual(AbsCamOptions expected, AbsCamOptions actual)
    {
        CollectionAssert.AreEqual(expected.Layers?.ToArray(), actual.Layers?.ToArray());
        CollectionAssert.AreEqual(expected.Labels?.ToArray(), actual.Labels?.ToArray());
        Assert.AreEqual(expected, actual with { Layers = expected.Layers, Labels = expected.Labels });
    }

    private AbsCamTransformer Load(byte[] saved) => (AbsCamTransformer)_context.Model.Load(new MemoryStream(saved), out _);
}
