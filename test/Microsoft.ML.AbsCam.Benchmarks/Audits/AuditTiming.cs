using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>What an audit of many pictures costs: ResNet-20 on drawn scenes of 32 by 32 pixels, which it gives some class each.</summary>
internal static class AuditTiming
{
    private const int Side = 32;
    private const int FirstScene = 9_000_000;

    public static void Print(int pictures)
    {
        var context = new MLContext(1);
        using ImageNetwork network = ImageNetwork.FromOnnx(Path.Combine("..", "shared", "models", "resnet20-cifar10.onnx"));
        Row[] rows = [.. Enumerable.Range(0, pictures).Select(i => new Row(Demo.DemoScenes.Draw(FirstScene + i, i % 10, Side).Pixels.ToArray()))];
        IDataView data = context.Data.LoadFromEnumerable(rows);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(Row.Image), network, new AbsCamOptions
        {
            Method = SaliencyMethod.HiResCam,
            Columns = new() { HeatFeatures = "Features", Status = "Status" },
            BatchSize = 32,
        }).Fit(data);
        IDataView explained = transformer.Transform(data);
        var clock = Stopwatch.StartNew();
        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        _ = explained.GetColumn<VBuffer<float>>("Map").Count();
        (double explaining, TimeSpan between) = (clock.Elapsed.TotalSeconds, Spent(self));
        double held = Machine.PeakResident;
        clock.Restart();
        AuditReport report = context.Saliency.Audit(explained, transformer);
        (double auditing, TimeSpan after) = (clock.Elapsed.TotalSeconds, Spent(self));
        Markdown.Heading("Time");
        Markdown.Header("pictures", "explaining them once, s", "of processor", "audit, which explains them once more, s", "of processor", "peak memory before it, MiB", "after it, MiB");
        Markdown.Row(
            $"{report.Rows}", Markdown.Number(explaining, "0"), Markdown.Number((between - before).TotalSeconds, "0"), Markdown.Number(auditing, "0"), Markdown.Number((after - between).TotalSeconds, "0"),
            Markdown.Number(held, "0"), Markdown.Number(Machine.PeakResident, "0"));
    }

    private static TimeSpan Spent(Process self)
    {
        self.Refresh();
        return self.TotalProcessorTime;
    }

    private sealed class Row(byte[] pixels)
    {
        // A row that is passed over costs no picture.
        [ImageType(Side, Side)]
        public MLImage Image => MLImage.CreateFromPixels(Side, Side, MLPixelFormat.Rgba32, pixels);
    }
}
