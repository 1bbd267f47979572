using System.Globalization;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>Resident memory and live tensors along a thousand rows through one cursor.</summary>
public static class MemoryTrace
{
    private const int Rows = 1000;

    /// <summary>Prints a line every 100 rows.</summary>
    /// <param name="phase">Which map is made of each row.</param>
    public static void Print(SaliencyPhase phase)
    {
        var context = new MLContext();
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new PhotoRow(i)).ToList());
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Saliency", nameof(PhotoRow.Image), network, new AbsCamOptions { Phase = phase }).Fit(data);
        IDataView explained = transformer.Transform(data);
        using DataViewRowCursor cursor = explained.GetRowCursor([explained.Schema["Saliency"]]);
        ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(explained.Schema["Saliency"]);
        VBuffer<float> value = default;
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int row = 1; cursor.MoveNext(); row++)
        {
            map(ref value);
            if (row % 100 == 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"row {row,5}: {Environment.WorkingSet / 1048576.0:0.0} MiB resident, {DisposeScopeManager.Statistics.ThreadTotalLiveCount - before} live tensors"));
            }
        }
    }

    private sealed class PhotoRow(int number)
    {
        private static readonly MLImage[] Photos = [.. DemoScenes.HeldOut(10).Select(scene => MLImage.CreateFromPixels(scene.Width, scene.Height, MLPixelFormat.Rgba32, scene.Pixels.Span))];

        public MLImage Image => Photos[number % Photos.Length];
    }
}
