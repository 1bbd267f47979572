using System.Xml.Linq;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>The ways to make an estimator: a file, a stream, bytes or a network, with options or a device, with the input column named or left out.</summary>
[TestClass]
public sealed class CatalogTests
{
    private const string Input = nameof(VectorRow.Input);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_file_a_stream_and_bytes_give_the_same_maps_with_options_and_with_a_device()
    {
        byte[] model = TinyNetwork.Rectified.ToOnnx();
        using var file = new TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, model);
        TransformsCatalog transforms = _context.Transforms;
        foreach (AbsCamEstimator estimator in (AbsCamEstimator[])[
            transforms.AbsCam(Explained.Map, Input, file.Path), transforms.AbsCam(Explained.Map, Input, file.Path, new AbsCamOptions()), transforms.AbsCam(Explained.Map, Input, file.Path, gpuDeviceId: null),
            transforms.AbsCam(Explained.Map, Input, new MemoryStream(model)), transforms.AbsCam(Explained.Map, Input, new MemoryStream(model), gpuDeviceId: null),
            transforms.AbsCam(Explained.Map, Input, model), transforms.AbsCam(Explained.Map, Input, model, gpuDeviceId: null)])
        {
            IDataView view = TinyNetwork.View(_context, 2);
            using AbsCamTransformer transformer = estimator.Fit(view);
            Explained.AreMapsOf([0, 1], transformer.Transform(view).Maps());
        }
    }

    [TestMethod]
    public void A_device_that_is_named_is_asked_for_and_the_cpu_takes_its_place_where_it_may()
    {
        byte[] model = TinyNetwork.Rectified.ToOnnx();
        IDataView view = TinyNetwork.View(_context, 1);
        using AbsCamTransformer strict = _context.Transforms.AbsCam(Explained.Map, Input, model, gpuDeviceId: 77).Fit(view);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => strict.Transform(view).Maps()).Message, "The CUDA device 77 is asked for and cannot be had (not in ONNX Runtime: the ONNX Runtime of this program is built for the CPU alone");
        using AbsCamTransformer lenient = _context.Transforms.AbsCam(Explained.Map, Input, model, gpuDeviceId: 77, fallbackToCpu: true).Fit(view);
        Explained.AreMapsOf([0], lenient.Transform(view).Maps());
    }

    [TestMethod]
    public void An_input_column_that_is_left_out_is_the_output_column_and_the_map_takes_its_place()
    {
        byte[] model = TinyNetwork.Rectified.ToOnnx();
        using var file = new TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, model);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        IDataView view = TinyNetwork.View(_context, 2);
        TransformsCatalog transforms = _context.Transforms;
        foreach (AbsCamEstimator estimator in (AbsCamEstimator[])[
            transforms.AbsCam(Input, file.Path), transforms.AbsCam(Input, new MemoryStream(model)), transforms.AbsCam(Input, model), transforms.AbsCam(Input, network), transforms.AbsCam(Input, inputColumnName: null, network)])
        {
            SchemaShape shape = estimator.GetOutputSchema(Explained.Shape(view.Schema));
            Assert.AreEqual(1, shape.Count(column => column.Name == Input));
            using AbsCamTransformer transformer = estimator.Fit(view);
            IDataView explained = transformer.Transform(view);
            Explained.AreMapsOf([0, 1], explained.Maps(Input));
            Assert.AreEqual((Input, Input), (transformer.InputColumnName, transformer.OutputColumnName));
            using var saved = new MemoryStream();
            _context.Model.Save(transformer, view.Schema, saved);
            saved.Position = 0;
            Explained.AreMapsOf([0, 1], _context.Model.Load(saved, out _).Transform(view).Maps(Input));
        }
    }

    [TestMethod]
    public void Maps_that_took_the_images_place_cannot_be_measured_and_it_says_why()
    {
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(1));
        using AbsCamTransformer transformer = _context.Transforms.AbsCam("Image", TinyNetwork.Rectified.Open(), new AbsCamOptions { Preprocessing = Photos.Preprocessing }).Fit(view);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Saliency.Evaluate(transformer.Transform(view), transformer)).Message,
            "The maps stand in the column 'Image' in the images' place");
    }

    [TestMethod]
    public void Every_method_of_the_catalogs_names_a_sample_that_is_there()
    {
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(AbsCamCatalog).Assembly.Location, ".xml"));
        XElement[] methods = [.. documentation.Descendants("member").Where(member => IsOfACatalog(member.Attribute("name")!.Value))];
        Assert.IsGreaterThan(10, methods.Length);
        foreach (XElement method in methods)
        {
            string text = method.Value;
            int at = text.IndexOf("(~/", StringComparison.Ordinal);
            Assert.IsGreaterThan(0, at, $"{method.Attribute("name")!.Value} names no sample");
            string sample = text[(at + 3)..text.IndexOf(')', at)];
            Assert.IsTrue(File.Exists(Path.Combine(Repository.Root, sample)), $"{sample} is not there");
        }

        static bool IsOfACatalog(string name) => name.StartsWith("M:Microsoft.ML.AbsCamCatalog.AbsCam(", StringComparison.Ordinal)
            || (name.StartsWith("M:Microsoft.ML.AbsCam.SaliencyCatalog.", StringComparison.Ordinal) && Array.Exists(typeof(SaliencyCatalog).GetMethods(), method => name.Contains($".{method.Name}(", StringComparison.Ordinal)));
    }
}
