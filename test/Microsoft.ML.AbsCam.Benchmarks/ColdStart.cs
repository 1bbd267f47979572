using System.Diagnostics;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// What a command for one photo costs from the first instruction of its process: 'abscam explain', phase 1 of SqueezeNet, beside a plain program that
/// classifies the same photo with ONNX Runtime alone; and the same command where the explanation is baked into the model file.
/// </summary>
internal static class ColdStart
{
    private const int Rounds = 7;
    private const string Plain = "a plain program on ONNX Runtime";

    private static readonly string Photo = InputFiles.Find([Path.Combine(BenchmarkNetwork.Shared, "images", "imagenet")], Path.GetTempPath()).First(file => !file.IsTensor).Path;
    private static readonly string Labels = Path.Combine(BenchmarkNetwork.Shared, "models", "imagenet-labels.txt");

    /// <param name="folders">Folders of published commands; none for the one that was built with this program.</param>
    public static void Print(string[] folders)
    {
        string output = Directory.CreateTempSubdirectory("abscam").FullName;
        var contenders = new List<(string Name, Func<Process> Start)> { (Plain, () => Self.Start("plain-row", BenchmarkNetwork.All[0].File, Photo, Labels)) };
        string baked = Path.Combine(output, "baked.onnx");
        using (ImageNetwork network = ImageNetwork.FromOnnx(BenchmarkNetwork.All[0].File))
        using (FileStream file = File.Create(baked))
        {
            network.Bake(file, new BakeOptions { Method = SaliencyMethod.AbsCamInitial });
        }

        foreach (string folder in folders.Length == 0 ? [AppContext.BaseDirectory] : folders)
        {
            string name = folders.Length == 0 ? "abscam of this build" : $"abscam in {Path.GetFileName(folder)}";
            contenders.Add((name, () => Explain(folder, output, BenchmarkNetwork.All[0].File, "--phase", "initial")));
            contenders.Add(($"{name}, on a baked file", () => Explain(folder, output, baked)));
        }

        var wall = new Turns();
        var processor = new Turns();
        try
        {
            for (int round = -1; round < Rounds; round++)
            {
                foreach ((string name, Func<Process> start) in contenders)
                {
                    (double milliseconds, double used) = ChildTime.Of(start);
                    if (round >= 0)
                    {
                        wall.Add(name, milliseconds);
                        processor.Add(name, used);
                    }
                }
            }
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }

        Markdown.Heading("One photo, from a cold process");
        Markdown.Text($"`abscam explain` of one photo, phase 1 of SqueezeNet, everything written that is written by default, beside a plain program that reads the photo, runs the network once in ONNX Runtime and prints the class; and the same command on the model with that explanation baked in, which loads no libtorch. Medians of {Rounds} turns, a process each; a ratio is the median of those within a turn.\n");
        Markdown.Header("process", "processor time, ms", "ratio to the plain program", "wall, ms", "ratio");
        foreach ((string name, _, double median) in processor.All)
        {
            double clock = wall.All.Single(other => other.Name == name).Median;
            Markdown.Row(name, Markdown.Number(median, "0"), Markdown.Number(processor.Ratio(name, Plain), "0.00"), Markdown.Number(clock, "0"), Markdown.Number(wall.Ratio(name, Plain), "0.00"));
        }
    }

    private static Process Explain(string folder, string output, string model, params ReadOnlySpan<string> more)
    {
        string[] arguments = ["explain", Photo, "--model", model, "--labels", Labels, "--output", Path.Combine(output, "run"), "--overwrite", "--quiet", .. more];
        return Process.Start("dotnet", [Path.Combine(folder, "abscam.dll"), .. arguments]);
    }
}
