using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What it costs to import files that are made to cost a lot, each in a process of its own that is stopped in time.</summary>
internal static class ImportCost
{
    private const int SecondsEach = 90;

    public static void Print()
    {
        Markdown.Heading("Import");
        Markdown.Text($"Processor time and most resident memory of a process that opens one file and lists its layers; stopped after {SecondsEach} s.\n");
        Markdown.Header("file", "processor time, s", "time, s", "memory, MiB", "ends in");
        foreach (CostlyModel model in CostlyModel.All)
        {
            Console.Out.Flush();
            using Process row = Self.Start("import-row", model.Name);
            if (!row.WaitForExit(TimeSpan.FromSeconds(SecondsEach)))
            {
                row.Kill(entireProcessTree: true);
                Markdown.Row(model.Name, $"> {SecondsEach}", "", "", "stopped");
            }
            else if (row.ExitCode != 0)
            {
                Markdown.Row(model.Name, "", "", "", $"exit code {row.ExitCode}");
            }
        }
    }

    public static void PrintRow(string name)
    {
        byte[] bytes = CostlyModel.Named(name).Write();
        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        string end;
        try
        {
            using ImageNetwork network = ImageNetwork.FromOnnx(bytes);
            end = $"{network.Layers.Count} layers, {network.FindLayer(null).Name}";
        }
        catch (NetworkLoadException e)
        {
            end = e.Message;
        }

        self.Refresh();
        Markdown.Row(
            name, Markdown.Number((self.TotalProcessorTime - before).TotalSeconds, "0.0"), Markdown.Number(watch.Elapsed.TotalSeconds, "0.0"), Markdown.Number(Machine.PeakResident, "0"), end);
    }
}
