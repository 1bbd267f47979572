using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What a baked file's forward pass costs beside the model's own, both in ONNX Runtime with its own settings.</summary>
internal static class BakeCost
{
    private const int Batch = 8;

    /// <param name="methods">Which methods; none for all of one pass.</param>
    public static void Print(string[] methods)
    {
        Markdown.Heading("Baked files");
        Markdown.Text($"`abscam bake`: a forward pass of the file with its map beside one of the model, in ONNX Runtime, batch {Batch}. Medians of ratios within a turn; the size of the file beside the model's; the greatest difference from this library's maps.\n");
        Markdown.Header("network", "method", "baked / plain", "size", "difference");
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All)
        {
            foreach (SaliencyMethod method in NetworkBaking.Methods.Where(method => methods.Length == 0 ? method is GradientMethod : methods.Contains(method.Name)))
            {
                Row(network, method);
            }
        }
    }

    private static void Row(BenchmarkNetwork network, SaliencyMethod method)
    {
        using DisposeScope scope = NewDisposeScope();
        string file = Path.GetTempFileName();
        try
        {
            using ImageNetwork opened = ImageNetwork.FromOnnx(network.File);
            BakedNetwork told;
            using (FileStream stream = File.Create(file))
            {
                told = opened.Bake(stream, new BakeOptions { Method = method });
            }

            using Tensor images = randn(Batch, opened.Shape.Channels, opened.Shape.Height, opened.Shape.Width);
            using var plain = new BareRuntime(network.File, images);
            using var baked = new BareRuntime(file, images);
            var turns = new Turns();
            for (int round = -3; round < network.Rounds; round++)
            {
                Turns counted = round < 0 ? new Turns() : turns;
                counted.Time("plain", plain.Run);
                counted.Time("baked", baked.Run);
            }

            Markdown.Row(network.Name, method.Name, Markdown.Number(turns.Ratio("baked", "plain"), "0.000"), Markdown.Number((double)told.BytesAfter / told.BytesBefore, "0.0000"), Markdown.Number(told.Difference, "0.0E+0"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
