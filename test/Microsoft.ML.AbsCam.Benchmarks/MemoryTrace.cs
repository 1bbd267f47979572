using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>Resident memory, live tensors and handles along ten thousand rows through one cursor.</summary>
internal static class MemoryTrace
{
    private const int Rows = 10_000;
    private const int Step = 1000;

    /// <summary>Prints a line every thousand rows, and the growth from the first to the last.</summary>
    /// <param name="method">How each row's map is made.</param>
    public static void Print(SaliencyMethod method)
    {
        Markdown.Heading($"Memory along {Rows} rows, {method}");
        Markdown.Text($"The demo's network and pictures through one cursor, with the defaults.\n");
        Markdown.Header("row", "resident MiB", "live tensors", "handles");
        var context = new MLContext();
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => new PhotoRow(i)).ToList());
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Saliency", nameof(PhotoRow.Image), network, new AbsCamOptions { Method = method }).Fit(data);
        IDataView explained = transformer.Transform(data);
        using DataViewRowCursor cursor = explained.GetRowCursor([explained.Schema["Saliency"]]);
        ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(explained.Schema["Saliency"]);
        VBuffer<float> value = default;
        long before = Tensor.TotalCount;
        List<double> resident = [];
        for (int row = 1; cursor.MoveNext(); row++)
        {
            map(ref value);
            if (row % Step == 0)
            {
                resident.Add(Machine.Resident);
                Markdown.Row($"{row}", Markdown.Number(resident[^1], "0.0"), $"{Tensor.TotalCount - before}", $"{Machine.Handles}");
            }
        }

        Markdown.Text($"\nFrom row {Step} to the end, resident memory grew by {100 * ((resident[^1] / resident[0]) - 1):0.0} % (goal: at most 2 %).");
    }

    private sealed class PhotoRow(int number)
    {
        private static readonly MLImage[] Photos = [.. DemoScenes.HeldOut(10).Select(scene => MLImage.CreateFromPixels(scene.Width, scene.Height, MLPixelFormat.Rgba32, scene.Pixels.Span))];

        public MLImage Image => Photos[number % Photos.Length];
    }
}
