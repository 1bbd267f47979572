using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Tests.Telemetry;

/// <summary>What the library tells of its work is what it did. Nothing else may explain meanwhile.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AbsCamTelemetryTests
{
    private const string Forwards = "Forwards";

    [TestMethod]
    [DataRow("abs-cam", true, true)]
    [DataRow("abs-cam-initial", false, false)]
    [DataRow("score-cam", false, true)]
    [DataRow("ablation-cam", false, true)]
    [DataRow("rise(masks=20)", false, true)]
    [DataRow("smooth(grad-cam,samples=3)", true, false)]
    public void Images_maps_forwards_and_phases_are_what_the_columns_say(string method, bool hasGradient, bool hasMasks)
    {
        using Heard heard = Listen();
        var context = new MLContext();
        AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Method = SaliencyMethod.Parse(method), Columns = new() { Forwards = Forwards }, BatchSize = 3, MaskBatchSize = 4 });
        using (transformer)
        {
            IDataView explained = transformer.Transform(TinyNetwork.View(context, 7));
            int forwards = 0;
            using (DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema))
            {
                ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
                ValueGetter<int> count = cursor.GetGetter<int>(explained.Schema[Forwards]);
                VBuffer<float> values = default;
                while (cursor.MoveNext())
                {
                    int one = 0;
                    map(ref values);
                    count(ref one);
                    forwards += one;
                }
            }

            string tag = $"abscam.method={method}";
            Assert.AreEqual(7, heard.Sum("abscam.images", tag));
            Assert.AreEqual(7, heard.Sum("abscam.maps", tag, "abscam.status=Ok"));
            Assert.AreEqual(forwards, heard.Sum("abscam.forwards", tag));
            Assert.AreEqual(forwards, heard.Sum("abscam.forwards"));
            foreach ((string phase, bool isThere) in ((string, bool)[])[("forward", true), ("gradient", hasGradient), ("masks", hasMasks), ("map", true)])
            {
                // Seven rows in batches of three.
                double[] times = heard.Of("abscam.phase.duration", tag, $"abscam.phase={phase}");
                Assert.HasCount(isThere ? 3 : 0, times, phase);
                Assert.IsTrue(times.All(time => time >= 0), phase);
            }
        }
    }

    [TestMethod]
    public void A_batch_is_an_activity_below_the_callers_with_a_child_for_each_phase()
    {
        using Heard heard = Listen();
        using var source = new ActivitySource("test");
        using var listener = new ActivityListener { ShouldListenTo = each => each == source, Sample = (ref _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using Activity caller = source.StartActivity("caller")!;
        var context = new MLContext();
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { MaskBatchSize = 2 });
        _ = transformer.Transform(TinyNetwork.View(context, 1)).Maps();

        Activity explain = heard.Activities.Single(activity => activity.OperationName == "abscam.explain");
        Assert.AreEqual(caller.SpanId, explain.ParentSpanId);
        Assert.AreEqual(ActivityStatusCode.Ok, explain.Status);
        Assert.AreEqual(("network.onnx", "abs-cam", TinyNetwork.Layer, 1), (explain.GetTagItem("abscam.network"), explain.GetTagItem("abscam.method"), explain.GetTagItem("abscam.layers"), explain.GetTagItem("abscam.images")));
        Activity[] children = [.. heard.Activities.Where(activity => activity.ParentSpanId == explain.SpanId)];
        CollectionAssert.AreEqual((string[])["abscam.forward", "abscam.gradient", "abscam.masks"], children.Select(child => child.OperationName).ToArray());
        int masked = (int)explain.GetTagItem("abscam.forwards")! - 1;
        Assert.AreEqual((masked + 1) / 2, children[2].GetTagItem("abscam.passes"));
        foreach (Activity child in children)
        {
            Assert.IsGreaterThanOrEqualTo(explain.StartTimeUtc, child.StartTimeUtc);
            Assert.IsLessThanOrEqualTo(explain.Duration, child.Duration);
            Assert.IsInRange(0, child.Duration.TotalMilliseconds + 0.001, (double)child.GetTagItem("abscam.milliseconds")!);
        }

        Assert.AreSame(caller, Activity.Current);
    }

    [TestMethod]
    public void Scores_alone_flat_maps_and_unreadable_images_are_told_apart()
    {
        using Heard heard = Listen();
        var context = new MLContext();
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Columns = new() { Probability = "P", Status = "Status" } });
        VectorRow[] rows = TinyNetwork.Rows(3);
        rows[1].Input[5] = float.NaN;
        IDataView explained = transformer.Transform(TinyNetwork.View(context, rows));
        _ = explained.GetColumn<float>("P").ToArray();
        Assert.AreEqual(3, heard.Sum("abscam.images", "abscam.method=none"));
        Assert.AreEqual(3, heard.Sum("abscam.forwards", "abscam.method=none"));
        Assert.AreEqual(0, heard.Sum("abscam.maps"));

        _ = explained.Maps();
        Assert.AreEqual(2, heard.Sum("abscam.maps", "abscam.status=Ok"));
        Assert.AreEqual(1, heard.Sum("abscam.maps", "abscam.status=NotFinite"));
        Assert.AreEqual(0, heard.Sum("abscam.images.unreadable"));
        using var folder = new TemporaryFolder();
        IDataView photos = context.Data.LoadFromEnumerable((Missing[])[new(), new()]);
        using AbsCamTransformer photo = context.Transforms.AbsCam(Explained.Map, nameof(Missing.Image), TinyNetwork.Rectified.Open(), new AbsCamOptions { Columns = new() { Status = "Status" } }).Fit(photos);
        _ = photo.Transform(photos).Maps();
        Assert.AreEqual(2, heard.Sum("abscam.images.unreadable"));
    }

    [TestMethod]
    public void A_batch_that_fails_says_so()
    {
        using Heard heard = Listen();
        var context = new MLContext();
        SaliencyMethod broken = SaliencyMethod.FromActivations("broken", _ => throw new NotSupportedException("broken on purpose"));
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Method = broken });
        Assert.Throws<Exception>(() => transformer.Transform(TinyNetwork.View(context, 1)).Maps());
        Activity explain = heard.Activities.First(activity => activity.OperationName == "abscam.explain");
        Assert.AreEqual((ActivityStatusCode.Error, "broken on purpose"), (explain.Status, explain.StatusDescription));
        Assert.AreEqual(0, heard.Sum("abscam.images"));
    }

    [TestMethod]
    public void Live_tensors_are_those_that_TorchSharp_counts()
    {
        using Heard heard = Listen();
        var context = new MLContext();
        using AbsCamTransformer transformer = Explained.Transformer(context);
        _ = transformer.Transform(TinyNetwork.View(context, 1)).Maps();
        long live = torch.Tensor.TotalCount;
        heard.Ask();
        Assert.AreEqual(live, heard.Of("abscam.tensors").Last());
        Assert.IsGreaterThan(0, live);
    }

    private static Heard Listen() => new(AbsCamTelemetry.MeterName, AbsCamTelemetry.ActivitySourceName);

    private sealed class Missing
    {
        [Microsoft.ML.Transforms.Image.ImageType(TinyNetwork.Side, TinyNetwork.Side)]
        public MLImage? Image { get; set; }
    }
}
