using BenchmarkDotNet.Attributes;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>What explaining costs beside predicting: the same batch of eight, on the demo's network and, where it is there, SqueezeNet.</summary>
public class ExplainBenchmarks
{
    private const int Rows = 8;
    private ImageNetwork _network = null!;
    private IExplainer _initial = null!;
    private IExplainer _final = null!;
    private Tensor _images = null!;

    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "demo";

    public static IEnumerable<string> Models => File.Exists(SqueezeNet) ? ["demo", "squeezenet1.0"] : ["demo"];

    private static string SqueezeNet => Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared", "models", "squeezenet1.0.onnx");

    internal static ImageNetwork Open(string model) => model == "demo" ? ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx()) : ImageNetwork.FromOnnx(SqueezeNet);

    [GlobalSetup]
    public void Open()
    {
        _network = Open(Model);
        _initial = UsersExplainer.Of(_network, SaliencyMethod.AbsCamInitial);
        _final = UsersExplainer.Of(_network, SaliencyMethod.AbsCam);
        _images = randn(Rows, 3, _network.Shape.Height, _network.Shape.Width);
    }

    [GlobalCleanup]
    public void Close()
    {
        _images.Dispose();
        _network.Dispose();
    }

    [Benchmark(Baseline = true, Description = "predict in TorchSharp (forward)")]
    public float Forward()
    {
        using DisposeScope scope = NewDisposeScope();
        return _network.RunForward(_images, CPU).sum().ToSingle();
    }

    [Benchmark(Description = "predict in ONNX Runtime (forward)")]
    public float RuntimeForward()
    {
        using DisposeScope scope = NewDisposeScope();
        return _network.RunForward(_images, CPU, NetworkEngine.OnnxRuntime).sum().ToSingle();
    }

    [Benchmark(Description = "initial map (phase 1)")]
    public int Initial() => _initial.Explain(_images, RowAsks.Nothing, withMaps: true).Maps.Length;

    [Benchmark(Description = "final map (phase 2)")]
    public int Final() => _final.Explain(_images, RowAsks.Nothing, withMaps: true).Maps.Length;
}
