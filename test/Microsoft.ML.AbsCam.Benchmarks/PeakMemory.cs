using System.Diagnostics;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>The most memory that explaining batches takes, each network and method in a process of its own.</summary>
internal static class PeakMemory
{
    private const int Rows = 8;

    public static void Print()
    {
        Markdown.Heading("Peak memory");
        Markdown.Text($"Resident memory of a process of its own, in MiB: with the network open, and the most while it explains three batches of {Rows}.\n");
        Markdown.Header("network", "method", "open", "most", "of it for the batches");
        Console.Out.Flush();
        foreach (string network in BenchmarkNetwork.All.Select(network => network.Name))
        {
            foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.AbsCamInitial, SaliencyMethod.AbsCam])
            {
                using Process row = Self.Start("peak-row", network, method.Name);
                row.WaitForExit();
            }
        }
    }

    public static void PrintRow(string name, SaliencyMethod method)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(BenchmarkNetwork.All.Single(known => known.Name == name).File);
        IExplainer explainer = UsersExplainer.Of(network, method);
        double open = Machine.Resident;
        using Tensor images = randn([Rows, 3, network.Shape.Height, network.Shape.Width]);
        for (int batch = 0; batch < 3; batch++)
        {
            explainer.Explain(images, RowAsks.Nothing, withMaps: true);
        }

        Markdown.Row(name, method.Name, Markdown.Number(open, "0"), Markdown.Number(Machine.PeakResident, "0"), Markdown.Number(Machine.PeakResident - open, "0"));
    }
}
