using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Saved pipelines give the same maps, here and in a program that knows nothing of them.</summary>
[TestClass]
public sealed class SaveLoadTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_loaded_pipeline_gives_identical_maps_here_and_in_a_fresh_process()
    {
        using var model = new TemporaryFile(".zip");
        using var rows = new TemporaryFile(".idv");
        IDataView view = TinyNetwork.View(_context, 5);
        SaveRows(view, rows.Path);
        float[][] maps;
        using (AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Class("ship"), Labels = TinyNetwork.Labels }))
        {
            maps = transformer.Transform(view).Maps();
            _context.Model.Save(transformer, view.Schema, model.Path);
        }

        using var loaded = (IDisposable)_context.Model.Load(model.Path, out DataViewSchema schema);
        Assert.AreEqual(view.Schema["Input"].Type, schema["Input"].Type);
        AreEqual(maps, ((ITransformer)loaded).Transform(view).Maps());
        (float[][] fresh, string error) = FreshProcess.Run(model.Path, rows.Path);
        AreEqual(maps, fresh, error);
    }

    [TestMethod]
    public void A_pipeline_from_photo_files_runs_in_a_fresh_process()
    {
        using var folder = new PhotoFolder(3);
        using var model = new TemporaryFile(".zip");
        using var rows = new TemporaryFile(".idv");
        IDataView files = folder.View(_context);
        SaveRows(files, rows.Path);
        using TransformerChain<AbsCamTransformer> chain = _context.Transforms.LoadImages("Image", folder.Path, nameof(PhotoFolder.FileRow.File))
            .Append(_context.Transforms.AbsCam(Explained.Map, "Image", TinyNetwork.Rectified.Open(), new AbsCamOptions { Preprocessing = Photos.Preprocessing }))
            .Fit(files);
        _context.Model.Save(chain, files.Schema, model.Path);
        (float[][] fresh, string error) = FreshProcess.Run(model.Path, rows.Path);
        AreEqual(chain.Transform(files).Maps(), fresh, error);
    }

    [TestMethod]
    public void Every_option_survives()
    {
        var options = new AbsCamOptions
        {
            Layers = ["before"],
            Fusion = LayerFusion.Mean,
            Target = SaliencyTarget.Top(2),
            Method = SaliencyMethod.AbsCamPerChannel,
            Tolerance = 0.25,
            ToleranceKind = ToleranceKind.Guaranteed,
            ScoreRule = ScoreRule.Sigmoid,
            Labels = TinyNetwork.Labels,
            Preprocessing = Photos.Preprocessing with { ColorOrder = ColorOrder.Bgr },
            Layout = VectorLayout.ChannelsLast,
            MapSize = MapSize.Layer,
            Columns = new() { Class = "Class", Probability = "Probability", Scores = "Scores", Status = "Status", Overlay = "Overlay", Forwards = "Forwards", Milliseconds = "Milliseconds" },
            Overlay = new OverlayOptions { ColorMap = ColorMap.Viridis, Opacity = 0.25f },
            BatchSize = 3,
            ReadsAhead = false,
            MaskBatchSize = 5,
            Engine = NetworkEngine.TorchSharp,
            ScoresOutput = "scores",
            Task = NetworkTask.Classify,
            ImportLimits = OnnxImportLimits.Default with { MostNodes = 50 },
        };
        foreach (PropertyInfo option in typeof(AbsCamOptions).GetProperties().Where(option => option.GetCustomAttribute<JsonIgnoreAttribute>() is null))
        {
            Assert.AreNotEqual(option.GetValue(new AbsCamOptions()), option.GetValue(options), $"{option.Name} is the default, so this test would not miss it");
        }

        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(2));
        using ImageNetwork network = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(), limits: options.ImportLimits, scoresOutput: options.ScoresOutput);
        using AbsCamTransformer saved = _context.Transforms.AbsCam(Explained.Map, "Image", network, options).Fit(view);
        using AbsCamTransformer loaded = RoundTrip(saved, view.Schema);
        CollectionAssert.AreEqual(options.Labels.ToArray(), loaded.Options.Labels!.ToArray());
        CollectionAssert.AreEqual(options.Layers.ToArray(), loaded.Options.Layers!.ToArray());
        Assert.AreEqual(options, loaded.Options with { Labels = options.Labels, Layers = options.Layers });
        Assert.AreEqual((Explained.Map, "Image"), (loaded.OutputColumnName, loaded.InputColumnName));
        Assert.AreEqual("before", loaded.Layer.Name);
        AreEqual(saved.Transform(view).Maps(), loaded.Transform(view).Maps());
        byte[] pixels(AbsCamTransformer transformer)
        {
            using MLImage overlay = transformer.Transform(view).GetColumn<MLImage>("Overlay").First();
            return overlay.Pixels.ToArray();
        }

        CollectionAssert.AreEqual(pixels(saved), pixels(loaded));
    }

    [TestMethod]
    public void Every_kind_of_target_survives()
    {
        foreach (SaliencyTarget target in (SaliencyTarget[])[SaliencyTarget.Predicted, SaliencyTarget.Class(2), SaliencyTarget.Class("dog"), SaliencyTarget.Top(2), SaliencyTarget.Column("Target")])
        {
            using AbsCamTransformer saved = Explained.Transformer(_context, new AbsCamOptions { Target = target, Labels = TinyNetwork.Labels });
            using AbsCamTransformer loaded = RoundTrip(saved, TinyNetwork.View(_context, 1).Schema);
            Assert.AreEqual(target, loaded.Options.Target);
        }
    }

    [TestMethod]
    public void A_module_is_saved_as_weights_and_the_name_of_its_architecture()
    {
        const string Name = "a tiny module of its own";
        IDataView view = TinyNetwork.View(_context, 3);
        using var module = new TinyModule();
        using (TorchSharp.torch.no_grad())
        {
            foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
            {
                parameter.mul_(0.5);
            }
        }

        using AbsCamTransformer saved = Explained.Transformer(_context, network: module.Open(architecture: Name));
        using var file = new TemporaryFile(".zip");
        _context.Model.Save(saved, view.Schema, file.Path);

        // ML.NET makes transformers by reflection, so that what they say is the inner exception.
        Exception missing = Assert.Throws<Exception>(() => _context.Model.Load(file.Path, out _));
        Assert.IsInstanceOfType<NetworkLoadException>(missing.InnerException);
        StringAssert.Contains(missing.InnerException.Message, $"NetworkArchitectures.Register(\"{Name}\", () => new …) before loading the model");

        TinyModule? made = null;
        NetworkArchitectures.Register(Name, () => made = new TinyModule());
        var loaded = (AbsCamTransformer)_context.Model.Load(file.Path, out _);
        AreEqual(saved.Transform(view).Maps(), loaded.Transform(view).Maps());
        loaded.Dispose();
        Assert.IsTrue(made!.parameters().All(parameter => parameter.IsInvalid), "a loaded transformer owns its network");
        Assert.IsFalse(module.parameters().Any(parameter => parameter.IsInvalid));
    }

    [TestMethod]
    public void A_module_runs_in_a_fresh_process_that_registers_its_architecture_and_in_no_other()
    {
        using var model = new TemporaryFile(".zip");
        using var rows = new TemporaryFile(".idv");
        IDataView view = TinyNetwork.View(_context, 3);
        SaveRows(view, rows.Path);
        using var module = new TinyModule();
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: module.Open(architecture: nameof(TinyModule)));
        _context.Model.Save(transformer, view.Schema, model.Path);
        (float[][] fresh, string error) = FreshProcess.Run(model.Path, rows.Path, registerTinyModule: true);
        AreEqual(transformer.Transform(view).Maps(), fresh, error);
        (fresh, error) = FreshProcess.Run(model.Path, rows.Path);
        Assert.IsEmpty(fresh);
        StringAssert.Contains(error, "NetworkArchitectures.Register(\"TinyModule\"");
    }

    [TestMethod]
    public void A_registered_module_of_another_shape_is_refused()
    {
        const string Name = "a name for two architectures";
        using var module = new TinyModule();
        using AbsCamTransformer saved = Explained.Transformer(_context, network: module.Open(architecture: Name));
        NetworkArchitectures.Register(Name, () => TorchSharp.torch.nn.Linear(3, 3));
        StringAssert.Contains(Assert.Throws<Exception>(() => RoundTrip(saved, TinyNetwork.View(_context, 1).Schema)).ToString(), $"do not fit the module that this program registered as '{Name}'");
    }

    [TestMethod]
    public void A_module_without_a_name_cannot_be_saved_and_says_what_to_do()
    {
        using var module = new TinyModule();
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: module.Open());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => RoundTrip(transformer, TinyNetwork.View(_context, 1).Schema)).Message, "NetworkArchitectures");
    }

    private static void AreEqual(float[][] expected, float[][] actual, string? message = null)
    {
        Assert.HasCount(expected.Length, actual, message);
        for (int i = 0; i < expected.Length; i++)
        {
            CollectionAssert.AreEqual(expected[i], actual[i], $"row {i}");
        }
    }

    private void SaveRows(IDataView view, string path)
    {
        using FileStream stream = File.Create(path);
        _context.Data.SaveAsBinary(view, stream);
    }

    private AbsCamTransformer RoundTrip(AbsCamTransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, schema, stream);
        stream.Position = 0;
        return (AbsCamTransformer)_context.Model.Load(stream, out _);
    }
}
