using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>What is ours is freed once; what is the caller's is left alone.</summary>
[TestClass]
public sealed class DisposalTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_disposed_transformer_says_so_everywhere()
    {
        IDataView view = TinyNetwork.View(_context, 4);
        AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 });
        IDataView explained = transformer.Transform(view);
        using DataViewRowCursor open = explained.GetRowCursor(explained.Schema);
        ValueGetter<VBuffer<float>> getter = open.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        VBuffer<float> map = default;
        Assert.IsTrue(open.MoveNext());
        getter(ref map);

        transformer.Dispose();
        transformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => getter(ref map));
        Assert.IsTrue(open.MoveNext());
        Assert.ThrowsExactly<ObjectDisposedException>(() => getter(ref map));
        Assert.ThrowsExactly<ObjectDisposedException>(() => explained.GetRowCursor(explained.Schema));
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Transform(view));
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.GetOutputSchema(view.Schema));
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.GetRowToRowMapper(view.Schema));
        Assert.ThrowsExactly<ObjectDisposedException>(() => transformer.Layer);
        Assert.ThrowsExactly<ObjectDisposedException>(() => _context.Model.Save(transformer, view.Schema, Stream.Null));
        Assert.AreEqual(4, explained.GetColumn<string>("Name").Count());
    }

    [TestMethod]
    public void A_callers_network_survives_the_transformer()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using (AbsCamTransformer transformer = Explained.Transformer(_context, network: network))
        {
            transformer.Transform(TinyNetwork.View(_context, 1)).Maps();
        }

        using AbsCamTransformer second = Explained.Transformer(_context, network: network);
        Explained.AreMapsOf([0], second.Transform(TinyNetwork.View(_context, 1)).Maps());
    }

    [TestMethod]
    public void A_network_that_its_owner_disposed_throws_for_every_row()
    {
        ImageNetwork network = TinyNetwork.Rectified.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 }, network);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 4));
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        VBuffer<float> map = default;
        network.Dispose();
        network.Dispose();
        while (cursor.MoveNext())
        {
            Assert.ThrowsExactly<ObjectDisposedException>(() => getter(ref map));
            Assert.ThrowsExactly<ObjectDisposedException>(() => getter(ref map));
        }
    }

    [TestMethod]
    public void Disposing_a_chain_or_a_prediction_engine_disposes_the_transformer()
    {
        using var file = new TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, TinyNetwork.Rectified.ToOnnx());
        IDataView view = TinyNetwork.View(_context, 1);
        AbsCamEstimator estimator = _context.Transforms.AbsCam(Explained.Map, "Input", file.Path);
        TransformerChain<AbsCamTransformer> chain = _context.Transforms.CopyColumns("Copy", "Name").Append(estimator).Fit(view);
        AbsCamTransformer first = chain.LastTransformer;
        AbsCamTransformer second = estimator.Fit(view);
        chain.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Transform(view));
        Assert.ThrowsExactly<ObjectDisposedException>(() => first.Network.Layers);
        Explained.AreMapsOf([0], second.Transform(view).Maps());

        PredictionEngine<VectorRow, VectorPrediction> engine = _context.Model.CreatePredictionEngine<VectorRow, VectorPrediction>(second, inputSchemaDefinition: VectorRow.Schema(3, 8, 8));
        engine.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => second.Transform(view));
        Assert.ThrowsExactly<ObjectDisposedException>(() => second.Network.Layers);
    }

    [TestMethod]
    public void Photos_of_the_source_stay_readable_however_they_are_read()
    {
        PhotoRow[] rows = Photos.Rows(5);
        IDataView view = _context.Data.LoadFromEnumerable(rows);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, "Image", network, new AbsCamOptions { Preprocessing = Photos.Preprocessing, Columns = new() { Overlay = "Overlay" }, BatchSize = 2 }).Fit(view);
        IDataView explained = transformer.Transform(view);
        explained.Maps();
        Assert.HasCount(5, explained.GetColumn<MLImage>("Image").ToList());
        Assert.HasCount(5, explained.GetColumn<MLImage>("Overlay").ToList());
        explained.Preview();
        IDataView cached = _context.Data.Cache(explained);
        cached.Maps();
        cached.Maps();
        Assert.AreEqual(5, _context.Data.CreateEnumerable<PhotoRow>(explained, reuseRowObject: true).Count());
        using (PredictionEngine<PhotoRow, VectorPrediction> engine = _context.Model.CreatePredictionEngine<PhotoRow, VectorPrediction>(transformer))
        {
            foreach (PhotoRow row in rows)
            {
                engine.Predict(row);
            }
        }

        for (int i = 0; i < rows.Length; i++)
        {
            using MLImage fresh = Photos.Photo(i);
            Assert.AreEqual(fresh.Pixel(3, 4), rows[i].Image!.Pixel(3, 4));
        }
    }

    [TestMethod]
    public void Overlays_in_a_list_stay_readable()
    {
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(5));
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        IDataView explained = _context.Transforms.AbsCam(Explained.Map, "Image", network, new AbsCamOptions { Preprocessing = Photos.Preprocessing, Columns = new() { Overlay = "Overlay" }, BatchSize = 2 }).Fit(view).Transform(view);
        List<MLImage> overlays = [.. explained.GetColumn<MLImage>("Overlay")];
        Assert.AreEqual(5, overlays.Select(overlay => Convert.ToHexString(overlay.Pixels)).Distinct().Count());
    }
}
