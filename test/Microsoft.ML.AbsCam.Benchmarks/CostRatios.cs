using System.Diagnostics;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What explaining costs in bare forward passes, on SqueezeNet and ResNet-20.</summary>
internal sealed class CostRatios
{
    private const int Rows = 8;
    private const int ApartRounds = 7;

    private const string Own = "phase 1, alone in a process";
    private const string Alone = "forward, ONNX Runtime, alone in a process";

    private static readonly int[] BareBatches = [8, 16, 32];

    private readonly BenchmarkNetwork _network;
    private readonly Turns _turns = new();
    private int _forwards;
    private int _bareBatch;

    private CostRatios(BenchmarkNetwork network)
    {
        _network = network;
    }

    private double BestBareImage => BareBatches.Min(batch => _turns[Bare(batch)] / batch);

    /// <param name="names">Which networks; none for all.</param>
    public static void Print(string[] names)
    {
        Markdown.Heading("Time");
        Markdown.Text($"A batch of {Rows} images of noise. All of a table's lines take turns within one run, and a ratio is the median of those within a round; the best single batch's pace is that of its quickest turn. Lines that say so are of contenders alone in a process, {ApartRounds} processes each in turns.");
        foreach (BenchmarkNetwork network in BenchmarkNetwork.All.Where(network => names.Length == 0 || names.Contains(network.Name)))
        {
            var ratios = new CostRatios(network);
            ratios.Measure();
            ratios.PrintTables();
        }
    }

    private void Measure()
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageNetwork network = ImageNetwork.FromOnnx(_network.File);
        using nn.Module<Tensor, Tensor> module = _network.Module(_network.File);
        module.eval();
        using ImageNetwork tapped = ImageNetwork.FromModule(module, _network.Layer, network.Shape.Height, network.Shape.Width);
        IExplainer initial = UsersExplainer.Of(network, SaliencyMethod.AbsCamInitial, NetworkEngine.OnnxRuntime);
        IExplainer torchInitial = UsersExplainer.Of(network, SaliencyMethod.AbsCamInitial, NetworkEngine.TorchSharp);
        IExplainer moduleInitial = UsersExplainer.Of(tapped, SaliencyMethod.AbsCamInitial, NetworkEngine.TorchSharp);
        IExplainer final = UsersExplainer.Of(network, SaliencyMethod.AbsCam, NetworkEngine.OnnxRuntime);
        Tensor images = Images(network, Rows);
        Dictionary<int, BareRuntime> bare = BareBatches.ToDictionary(batch => batch, batch => new BareRuntime(_network.File, Images(network, batch)));
        try
        {
            for (int round = 0; round < _network.Rounds; round++)
            {
                _turns.Time("forward, file in TorchSharp", () => network.RunForward(images, CPU, NetworkEngine.TorchSharp).Dispose());
                _turns.Time("phase 1", () => initial.Explain(images, RowAsks.Nothing, withMaps: true));
                _turns.Time("phase 1, file in TorchSharp", () => torchInitial.Explain(images, RowAsks.Nothing, withMaps: true));
                _turns.Time("forward, module", () => Forward(module, images));
                _turns.Time("phase 1, module", () => moduleInitial.Explain(images, RowAsks.Nothing, withMaps: true));

                // And the other way round: the difference that is looked for is smaller than that between the first and the second.
                _turns.Time("phase 1, module", () => moduleInitial.Explain(images, RowAsks.Nothing, withMaps: true));
                _turns.Time("forward, module", () => Forward(module, images));
                _turns.Time("forward, file here", () => network.RunForward(images, CPU, NetworkEngine.OnnxRuntime).Dispose());
                foreach ((int batch, BareRuntime runtime) in bare)
                {
                    _turns.Time(Bare(batch), runtime.Run);
                }
            }

            _bareBatch = BareBatches.MinBy(batch => _turns[Bare(batch)] / batch);
            for (int round = 0; round < _network.FinalRounds; round++)
            {
                MeasureFinal(final, images, bare[_bareBatch]);
            }
        }
        finally
        {
            foreach (BareRuntime runtime in bare.Values)
            {
                runtime.Dispose();
            }
        }
    }

    private void MeasureFinal(IExplainer final, Tensor images, BareRuntime bare)
    {
        _turns.Time("phase 2", () => _forwards = final.Explain(images, RowAsks.Nothing, withMaps: true).Forwards.Sum());

        // Whole batches, and the time of the same number of images.
        int passes = Math.Max(_forwards / _bareBatch, 1);
        long start = Stopwatch.GetTimestamp();
        for (int pass = 0; pass < passes; pass++)
        {
            bare.Run();
        }

        _turns.Add("as many images in ONNX Runtime", Stopwatch.GetElapsedTime(start).TotalMilliseconds * _forwards / (passes * _bareBatch));
    }

    private void PrintTables()
    {
        Turns apart = ApartPasses.Of(new Dictionary<string, string[]> { [Own] = ApartPasses.OfPhase1(_network.File), [Alone] = ApartPasses.OfRuntime(_network.File) }, rounds: ApartRounds);
        Markdown.Text($"\n### {_network.Name}\n");
        Markdown.Header("ratio", "", "goal");
        Ratio("phase 1 / forward of the file in TorchSharp", _turns.Ratio("phase 1", "forward, file in TorchSharp"), "0.60");
        Ratio("phase 1 of the module / its own forward", _turns.Ratio("phase 1, module", "forward, module"), "1.05");
        Ratio($"phase 2, {_forwards} images run / as many in ONNX Runtime, {_bareBatch} a batch", _turns.Ratio("phase 2", "as many images in ONNX Runtime"), "1.05");
        Ratio("phase 2 / its images run at the best single batch's pace", _turns["phase 2"] / (_forwards * BestBareImage), "");
        Ratio("phase 1 / forward in ONNX Runtime, each in processes of its own", apart.Ratio(Own, Alone), _network.ApartGoal);
        Ratio("the same, batch after batch", apart.Ratio(ApartPasses.Stream(Own), ApartPasses.Stream(Alone)), "");
        Ratio("phase 1 of the file in TorchSharp / its forward", _turns.Ratio("phase 1, file in TorchSharp", "forward, file in TorchSharp"), "");
        Ratio("forward of the file here / in ONNX Runtime", _turns.Ratio("forward, file here", Bare(Rows)), "");
        Markdown.Text($"");
        Markdown.Header("milliseconds", "least", "median");
        foreach ((string name, double least, double median) in _turns.All.Concat(apart.All))
        {
            Markdown.Row(name, Markdown.Number(least, "0.00"), Markdown.Number(median, "0.00"));
        }
    }

    private void Ratio(string name, double value, string goal) => Markdown.Row(name, Markdown.Number(value, "0.000"), (_network.HasGoals || goal == _network.ApartGoal) && goal.Length > 0 ? "at most " + goal : "");

    private static string Bare(int batch) => batch == Rows ? "forward, ONNX Runtime" : $"forward of {batch}, ONNX Runtime";

    private static Tensor Images(ImageNetwork network, int rows)
    {
        using var generator = new Generator(1);
        return randn([rows, 3, network.Shape.Height, network.Shape.Width], generator: generator);
    }

    private static void Forward(nn.Module<Tensor, Tensor> module, Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        module.call(images);
    }
}
