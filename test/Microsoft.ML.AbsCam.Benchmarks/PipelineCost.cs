using System.Diagnostics;
using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// How well 'abscam explain' keeps the processor busy: its time on 100 photos beside the processor time of reading, of the network and of
/// writing, each alone, spread over the cores.
/// </summary>
internal sealed class PipelineCost : IDisposable
{
    private const int Rounds = 5;

    private readonly string _output = Directory.CreateTempSubdirectory("abscam").FullName;
    private readonly ImageNetwork _network = ImageNetwork.FromOnnx(BenchmarkNetwork.All[0].File);
    private readonly ExplainSettings _settings;
    private readonly ExplainedLayers _layers;
    private readonly IExplainer _explainer;
    private readonly ImagePreprocessing _preprocessing = ImagePreprocessing.ImageNet;
    private readonly RunPlan _plan;

    private PipelineCost()
    {
        _settings = new ExplainSettings
        {
            Files = InputFiles.Find([Path.Combine(BenchmarkNetwork.Shared, "images", "imagenet")], _output),
            Network = _network,
            Output = _output,
            Overwrite = true,
            Decoding = new ImageFileOptions { MinimumSize = Tool.Inputs.ReducedDecoding.SizeFor(_preprocessing, Tool.Report.Thumbnail.LongerSide) },
            Options = new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, Preprocessing = _preprocessing },
        };
        _layers = ExplainedLayers.Of(_settings.Options, _network);
        _plan = RunPlan.Of(_settings.Files, _settings.Options.BatchSize);
        _explainer = UsersExplainer.Of(_network, SaliencyMethod.AbsCamInitial);
    }

    public static void Print()
    {
        using var cost = new PipelineCost();
        cost.Measure();
    }

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_output, recursive: true);
    }

    private void Measure()
    {
        Tensor[] inputs = Read(out PhotoRow[] rows);
        Explanation[] maps = Explain(inputs);
        var turns = new Turns();
        for (int round = 0; round < Rounds; round++)
        {
            Processor(turns, "reading, decoding and resizing", () =>
            {
                Array.ForEach(Read(out PhotoRow[] read), tensor => tensor.Dispose());
                Array.ForEach(read, row => row.Release());
            });
            Processor(turns, "the network", () => Explain(inputs));
            Processor(turns, "writing maps, the page, the table and the journal", () => Write(rows, maps));
            turns.Time("wall", () => new ExplainRun(_settings, new Silence()).Run(CancellationToken.None));
        }

        double alone = turns.All.Where(turn => turn.Name != "wall").Sum(turn => turn.Least);
        double share = alone / Environment.ProcessorCount;
        double bare = alone - turns["writing maps, the page, the table and the journal"];
        Markdown.Heading("The command");
        Markdown.Text($"`abscam explain`, phase 1 of SqueezeNet on {rows.Length} photos, everything written that is written by default, with the network open; the least of {Rounds} turns.\n");
        Markdown.Header("processor time of", "ms");
        foreach ((string name, double least, _) in turns.All.Where(turn => turn.Name != "wall"))
        {
            Markdown.Row($"{name}, alone", Markdown.Number(least, "0"));
        }

        Markdown.Row($"all of it, over {Environment.ProcessorCount} cores", Markdown.Number(share, "0"));
        Markdown.Row("the command, on the clock", Markdown.Number(turns["wall"], "0"));
        Console.WriteLine();
        Markdown.Header("ratio", "", "goal");
        Markdown.Row("the command on the clock / its parts' processor time over the cores", Markdown.Number(turns["wall"] / share, "0.000"), "at most 1.2");
        Markdown.Row("all parts / reading and the network alone, processor time", Markdown.Number(alone / bare, "0.000"), "at most 1.5");
    }

    private static void Processor(Turns turns, string name, Action action)
    {
        using var self = Process.GetCurrentProcess();

        // Threads of the turn before may still be spinning.
        Thread.Sleep(100);
        self.Refresh();
        TimeSpan before = self.TotalProcessorTime;
        action();
        self.Refresh();
        turns.Add(name, (self.TotalProcessorTime - before).TotalMilliseconds);
    }

    private Tensor[] Read(out PhotoRow[] rows)
    {
        rows = [.. _plan.Files.Select(file => new PhotoRow(file, _settings.Decoding, _network, _network.Shape, ""))];
        var tensorizer = new ImageTensorizer(_preprocessing);
        float[] values = new float[3 * _preprocessing.Height * _preprocessing.Width];
        var inputs = new List<Tensor>();
        foreach (PhotoRow[] batch in rows.Chunk(_settings.Options.BatchSize))
        {
            using var scope = NewDisposeScope();
            inputs.Add(stack([.. batch.Select(row =>
            {
                tensorizer.Write(row.Image!, values);
                return tensor(values, [3, _preprocessing.Height, _preprocessing.Width]);
            })]).MoveToOuterDisposeScope());
        }

        return [.. inputs];
    }

    private Explanation[] Explain(Tensor[] inputs) => [.. inputs.Select(batch => _explainer.Explain(batch, RowAsks.Nothing, withMaps: true))];

    private void Write(PhotoRow[] rows, Explanation[] batches)
    {
        using var folder = new OutputFolder(_output);
        using Tool.Journal.RunJournal journal = RunStart.Open(folder, _settings, _plan, _layers, new Silence());
        var output = new RowOutput(_settings, _layers, folder);
        for (int i = 0; i < rows.Length; i++)
        {
            (Explanation batch, int place) = (batches[i / _settings.Options.BatchSize], i % _settings.Options.BatchSize);
            journal.Add(output.Write(new ExplainedRow(rows[i], [batch.Status[place]], [batch.Targets[place]], [batch.TargetProbabilities[place]], batch.Map(place).ToArray(), batch.Forwards[place], 0), ""));
        }

        RunResults.Write(folder, journal.Rows(), rows.Length, _layers.Names, RunHeader.Of(_settings, rows.Length), new RunSummary());
    }

    private sealed class Silence : IRunLog
    {
        public void Line(string text)
        {
        }

        public void Trouble(string text) => throw new InvalidOperationException(text);

        public void Begin(string unit, int done, int total, int together)
        {
        }

        public void Progress(int done, string? underWay)
        {
        }

        public void Masks(int done, int total)
        {
        }
    }
}
