using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// What explaining costs in bare forward passes, on SqueezeNet and ResNet-20. Everything is timed in turns within one run, and
/// the quickest turn of each counts, so that what else the machine does weighs little.
/// </summary>
public static class CostRatios
{
    private const int Rows = 8;

    /// <summary>Prints milliseconds and ratios.</summary>
    public static void Print()
    {
        Console.WriteLine($"batch of {Rows}, {Environment.ProcessorCount} cores, TorchSharp on {get_num_threads()} threads");
        string models = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared", "models");
        Print(Path.Combine(models, "squeezenet1.0.onnx"), SqueezeNet.FromOnnx, "features", rounds: 12, finalRounds: 2);
        Print(Path.Combine(models, "resnet20-cifar10.onnx"), ResNet20.FromOnnx, "layer3", rounds: 60, finalRounds: 8);
    }

    private static void Print(string file, Func<string, nn.Module<Tensor, Tensor>> open, string layer, int rounds, int finalRounds)
    {
        using DisposeScope scope = NewDisposeScope();
        using ImageNetwork network = ImageNetwork.FromOnnx(file);
        Explainer initial = Explainer(network, SaliencyMethod.AbsCamInitial, NetworkEngine.Auto);
        Explainer torchInitial = Explainer(network, SaliencyMethod.AbsCamInitial, NetworkEngine.TorchSharp);
        Explainer final = Explainer(network, SaliencyMethod.AbsCam, NetworkEngine.Auto);
        using nn.Module<Tensor, Tensor> module = open(file);
        module.eval();
        using ImageNetwork tapped = ImageNetwork.FromModule(module, layer, network.Shape.Height, network.Shape.Width);
        Explainer moduleInitial = Explainer(tapped, SaliencyMethod.AbsCamInitial, NetworkEngine.Auto);
        Tensor images = randn([Rows, 3, network.Shape.Height, network.Shape.Width], generator: new Generator(1));
        using var bare = new BareRuntime(file, images);

        var turns = new Turns();
        for (int round = 0; round < rounds; round++)
        {
            turns.Time("TorchSharp", () => network.RunForward(images, CPU, NetworkEngine.TorchSharp).Dispose());
            turns.Time("module", () => Forward(module, images));
            turns.Time("ONNX Runtime", bare.Run);
            turns.Time("forward here", () => network.RunForward(images, CPU, NetworkEngine.OnnxRuntime).Dispose());
            turns.Time("phase 1", () => initial.Explain(images, null, withMaps: true));
            turns.Time("phase 1 in TorchSharp", () => torchInitial.Explain(images, null, withMaps: true));
            turns.Time("phase 1 of the module", () => moduleInitial.Explain(images, null, withMaps: true));
        }

        int forwards = 0;
        for (int round = 0; round < finalRounds; round++)
        {
            turns.Time("phase 2", () => forwards = final.Explain(images, null, withMaps: true).Forwards.Sum());
            turns.Time("as many plain forwards", () =>
            {
                for (int pass = 0; pass < forwards / Rows; pass++)
                {
                    bare.Run();
                }
            });
        }

        Console.WriteLine($"\n{Path.GetFileName(file)}");
        turns.PrintTimes();
        Ratio("phase 1 / TorchSharp forward", turns["phase 1"] / turns["TorchSharp"]);
        Ratio("phase 1 / ONNX Runtime forward", turns["phase 1"] / turns["ONNX Runtime"]);
        Ratio("phase 1 in TorchSharp / TorchSharp forward", turns["phase 1 in TorchSharp"] / turns["TorchSharp"]);
        Ratio("phase 1 of the module / its forward", turns["phase 1 of the module"] / turns["module"]);
        Ratio("forward here / ONNX Runtime forward", turns["forward here"] / turns["ONNX Runtime"]);
        Ratio($"phase 2 / {forwards / Rows} batches in ONNX Runtime", turns["phase 2"] / turns["as many plain forwards"]);
    }

    private static Explainer Explainer(ImageNetwork network, SaliencyMethod method, NetworkEngine engine)
    {
        string layer = network.FindLayer(null).Name;
        EngineChoice choice = network.ChooseEngine(engine, CPU, [layer]);
        Console.WriteLine(choice);
        return new Explainer(network, new ExplainerSettings([layer], LayerFusion.Product, method, 0, false, 1, Rows, false, CPU, choice.Engine));
    }

    private static void Forward(nn.Module<Tensor, Tensor> module, Tensor images)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        module.call(images);
    }

    private static void Ratio(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {value,6:0.000}  {name}"));

    private sealed class Turns
    {
        private readonly Dictionary<string, List<double>> _milliseconds = [];

        public double this[string name] => _milliseconds[name].Min();

        public void Time(string name, Action action)
        {
            // Threads of the turn before may still be spinning.
            Thread.Sleep(20);
            long start = Stopwatch.GetTimestamp();
            action();
            double took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!_milliseconds.TryGetValue(name, out List<double>? list))
            {
                _milliseconds[name] = list = [];
            }

            list.Add(took);
        }

        public void PrintTimes()
        {
            foreach ((string name, List<double> took) in _milliseconds)
            {
                double[] sorted = [.. took.Order()];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {sorted[0],8:0.00} ms, median {sorted[sorted.Length / 2]:0.00}: {name}"));
            }
        }
    }
}
