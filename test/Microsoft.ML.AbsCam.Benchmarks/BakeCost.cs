namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What a baked file's forward pass costs beside the model's own, both in ONNX Runtime with its own settings, in processes of their own.</summary>
internal static class BakeCost
{
    /// <param name="methods">Which methods; none for all of one pass.</param>
    public static void Print(string[] methods)
    {
        Markdown.Heading("Baked files");
        Markdown.Text($"`abscam bake`: a forward pass of the file with its map beside one of the model, in ONNX Runtime, batch 8, in processes of their own that take turns. Medians of ratios within a turn; the size of the file beside the model's; the greatest difference from this library's maps.\n");
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
        string file = Path.GetTempFileName();
        try
        {
            using ImageNetwork opened = ImageNetwork.FromOnnx(network.File);
            BakedNetwork told;
            using (FileStream stream = File.Create(file))
            {
                told = opened.Bake(stream, new BakeOptions { Method = method });
            }

            Turns turns = ApartPasses.Of(new Dictionary<string, string[]> { ["plain"] = ApartPasses.OfRuntime(network.File), ["baked"] = ApartPasses.OfRuntime(file) }, rounds: 5);
            Markdown.Row(network.Name, method.Name, Markdown.Number(turns.Ratio("baked", "plain"), "0.000"), Markdown.Number((double)told.BytesAfter / told.BytesBefore, "0.0000"), Markdown.Number(told.Difference, "0.0E+0"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
