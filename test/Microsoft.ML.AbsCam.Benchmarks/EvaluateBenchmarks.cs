using BenchmarkDotNet.Attributes;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// What Deletion and Insertion cost beside the forwards that they cannot do without: as many images, in passes as large, on the
/// demo's network and, where it is there, SqueezeNet.
/// </summary>
public class EvaluateBenchmarks
{
    private const int Rows = 4;
    private const int Steps = 28;
    private const int PassSize = 8;
    private const int Forwards = Rows * (1 + (2 * Steps));
    private readonly MLContext _context = new();
    private ImageNetwork _network = null!;
    private IDataView _data = null!;
    private Tensor _images = null!;
    private NetworkEngine _engine;

    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "demo";

    public static IEnumerable<string> Models => ExplainBenchmarks.Models;

    [GlobalSetup]
    public void Open()
    {
        _network = ExplainBenchmarks.Open(Model);
        _engine = _network.ChooseEngine(NetworkEngine.Auto, CPU, []).Engine;
        (int height, int width) = (_network.Shape.Height, _network.Shape.Width);
        var random = new Random(1);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Saliency)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, height, width);

        // Half a map is 0, as a ReLU leaves it.
        _data = _context.Data.LoadFromEnumerable(DemoScenes.HeldOut(Rows).Select(scene => new Row
        {
            Image = MLImage.CreateFromPixels(scene.Width, scene.Height, MLPixelFormat.Rgba32, scene.Pixels.Span),
            Saliency = [.. Enumerable.Range(0, height * width).Select(_ => Math.Max(0, (random.NextSingle() * 2) - 1))],
        }).ToList(), schema);
        _images = randn(PassSize, 3, height, width);
    }

    [GlobalCleanup]
    public void Close()
    {
        _images.Dispose();
        _network.Dispose();
    }

    [Benchmark(Baseline = true, Description = "bare forwards")]
    public float Bare()
    {
        float sum = 0;
        for (int done = 0; done < Forwards; done += PassSize)
        {
            using DisposeScope scope = NewDisposeScope();
            sum += _network.RunForward(_images.narrow(0, 0, Math.Min(PassSize, Forwards - done)), CPU, _engine).sum().ToSingle();
        }

        return sum;
    }

    [Benchmark(Description = "Deletion and Insertion")]
    public double Evaluate()
    {
        SaliencyMetrics metrics = _context.Saliency.Evaluate(_data, _network, new SaliencyEvaluationOptions
        {
            Measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion()],
            PassSize = PassSize,
        });
        return metrics.Forwards == Forwards ? metrics.Insertion!.Mean : throw new InvalidOperationException($"{metrics.Forwards} forwards in place of {Forwards}.");
    }

    private sealed class Row
    {
        public MLImage Image { get; set; } = null!;

        public float[] Saliency { get; set; } = [];
    }
}
