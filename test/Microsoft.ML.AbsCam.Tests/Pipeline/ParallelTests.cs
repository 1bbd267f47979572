using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Several readers at once, and prediction engines.</summary>
[TestClass]
public sealed class ParallelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Eight_threads_with_cursors_of_their_own_read_the_same_maps()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 });
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 7));
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Explained.AreMapsOf(Enumerable.Range(0, 7), explained.Maps()));
    }

    [TestMethod]
    public void A_cursor_set_with_maps_is_one_cursor_and_without_is_the_sources()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 7));
        Assert.HasCount(1, explained.GetRowCursorSet([explained.Schema[Explained.Map]], 4));
        DataViewRowCursor[] cursors = explained.GetRowCursorSet([explained.Schema["Name"]], 4);
        int rows = 0;
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                while (cursor.MoveNext())
                {
                    rows++;
                }
            }
        }

        Assert.AreEqual(7, rows);
    }

    [TestMethod]
    public void ML_NETs_own_parallel_transforms_behind_the_map_see_the_right_rows()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 });
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 40));
        IDataView normalized = _context.Transforms.CopyColumns("Copy", Explained.Map).Append(_context.Transforms.NormalizeMinMax("Scaled", "Copy")).Fit(explained).Transform(explained);
        Explained.AreMapsOf(Enumerable.Range(0, 40), normalized.Maps("Copy"));
    }

    [TestMethod]
    public void A_prediction_engine_predicts_again_and_again()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Columns = new() { Class = "Class" } });
        using PredictionEngine<VectorRow, VectorPrediction> engine = Engine(transformer);
        foreach (int image in (int[])[3, 0, 3, 5, 5])
        {
            Explained.IsMapOf(image, engine.Predict(TinyNetwork.Rows(6)[image]).Saliency);
        }
    }

    [TestMethod]
    public void A_prediction_engine_goes_on_after_an_exception()
    {
        using var module = new TinyModule();
        module.BeforePass = input =>
        {
            using TorchSharp.torch.Tensor greatest = input.max();
            if (greatest.item<float>() > 50)
            {
                throw new InvalidOperationException("the network broke");
            }
        };
        using PredictionEngine<VectorRow, VectorPrediction> engine = Engine(Explained.Transformer(_context, network: module.Open()));
        VectorRow[] rows = TinyNetwork.Rows(2);
        Explained.IsMapOf(0, engine.Predict(rows[0]).Saliency);
        VectorRow bad = TinyNetwork.Rows(1)[0];
        bad.Input[0] = 100;
        Assert.Throws<Exception>(() => engine.Predict(bad));
        Assert.Throws<Exception>(() => engine.Predict(bad));
        Explained.IsMapOf(1, engine.Predict(rows[1]).Saliency);
    }

    [TestMethod]
    public void Several_prediction_engines_share_a_transformer()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, start =>
        {
            PredictionEngine<VectorRow, VectorPrediction> engine = Engine(transformer);
            VectorRow[] rows = TinyNetwork.Rows(12);
            for (int i = start; i < start + 6; i++)
            {
                Explained.IsMapOf(i, engine.Predict(rows[i]).Saliency);
            }
        });
    }

    [TestMethod]
    public void A_prediction_engine_takes_photos()
    {
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(1));
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(PhotoRow.Image), network, new AbsCamOptions { Preprocessing = Photos.Preprocessing }).Fit(view);
        using PredictionEngine<PhotoRow, VectorPrediction> engine = _context.Model.CreatePredictionEngine<PhotoRow, VectorPrediction>(transformer);
        foreach (int number in (int[])[1, 0, 1])
        {
            using MLImage photo = Photos.Photo(number);
            float[] expected = BruteForceAbsCam.Explain(TinyNetwork.Rectified, Photos.Input(number)).Map;
            Close.AreClose(expected, engine.Predict(new PhotoRow { Image = photo }).Saliency, Explained.Tolerance, $"photo {number}");
        }
    }

    private PredictionEngine<VectorRow, VectorPrediction> Engine(ITransformer transformer)
        => _context.Model.CreatePredictionEngine<VectorRow, VectorPrediction>(transformer, inputSchemaDefinition: VectorRow.Schema(3, TinyNetwork.Side, TinyNetwork.Side));
}
