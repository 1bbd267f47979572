using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>Holds what the library says of a drawn network against what is right by construction.</summary>
internal sealed class RandomNetworkChecks
{
    private const int Images = 2;
    private const double ProbabilityTolerance = 1e-5;

    // Of the scores' size: float32 through a whole network.
    private const double ScoreTolerance = 1e-4;

    private readonly RandomNetwork _drawn;
    private readonly string _where;
    private readonly float[][] _images;
    private readonly ExpectedMaps _expected;

    private RandomNetworkChecks(int seed)
    {
        _drawn = RandomNetwork.Draw(seed);
        _where = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {_drawn.Description}");
        TwinMap image = _drawn.Net.Image;
        Random random = new(seed);
        _images = [.. Enumerable.Range(0, Images).Select(_ => Image(random, image))];
        _expected = new ExpectedMaps(_drawn, tensor([.. _images.SelectMany(pixels => pixels).Select(value => (double)value)], [Images, image.Channels, image.Height, image.Width]));
    }

    /// <summary>What does not hold: its kind, and a sentence.</summary>
    public List<(string Kind, string Text)> Faults { get; } = [];

    /// <summary>Whether the file is refused since several of its outputs may be the scores, with the right one among those that are named.</summary>
    public bool AsksForScores { get; private set; }

    /// <summary>How many maps were compared.</summary>
    public int Maps { get; private set; }

    public static RandomNetworkChecks Of(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        RandomNetworkChecks checks = new(seed);
        checks.TwinsAgree();
        try
        {
            using ImageNetwork network = ImageNetwork.FromOnnx(checks._drawn.Model);
            checks.PickIsRight(network);
            if (checks.IsListed(network))
            {
                checks.FactsAreRight(network);
                checks.MapsAreRight(network, seed % 3 == 0 ? NetworkEngine.TorchSharp : NetworkEngine.Auto);
            }
        }
        catch (NetworkLoadException several) when (checks._drawn.HasOtherScores && several.Message.Contains($"'{checks._drawn.ScoreName}'", StringComparison.Ordinal))
        {
            checks.AsksForScores = true;
        }
        catch (Exception refused) when (refused is NetworkLoadException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            checks.Fault("refused", refused.Message);
        }

        return checks;
    }

    // The two writings of the network, by ONNX Runtime and by TorchSharp; ONNX Runtime has no convolution of doubles.
    private void TwinsAgree()
    {
        if (_drawn.Net.Style.Numbers == TwinNumbers.Double)
        {
            return;
        }

        float[] expected = (_drawn.EndsInProbabilities ? _expected.Probabilities : _expected.Scores)[0].Floats();
        Compare("twin", expected, RuntimeScores.Of(_drawn, _images[0]), ScoreTolerance * Math.Max(1, expected.Max(Math.Abs)), "ONNX Runtime's scores");
    }

    private void PickIsRight(ImageNetwork network)
    {
        FeatureLayer? pick = network.Layers.SingleOrDefault(layer => layer.IsDefault);
        if (_drawn.IsPicked)
        {
            Expect("pick", _drawn.Layer.Origin, pick?.Name, $"the layer, with {_drawn.Work:P0} of the work,");
            return;
        }

        Expect("refusal", null, pick?.Name, $"the layer where none has more than {_drawn.Work:P0} of the work");
        if (pick is null)
        {
            Assert.ThrowsExactly<ArgumentException>(() => network.FindLayer(null), _where);
        }
    }

    private bool IsListed(ImageNetwork network)
    {
        bool isListed = network.Layers.Any(layer => layer.Name == _drawn.Layer.Origin);
        Expect("listed", true, isListed, $"that {_drawn.Layer.Origin} is a layer");
        return isListed;
    }

    private void FactsAreRight(ImageNetwork network)
    {
        FeatureLayer layer = network.FindLayer(_drawn.Layer.Origin);
        Expect("shape", (_drawn.Layer.Channels, _drawn.Layer.Height, _drawn.Layer.Width), (layer.Channels, layer.Height, layer.Width), "channels, height and width");
        if (_drawn.IsPicked && layer.WorkBefore is double work)
        {
            // The classifier's part may count or not; convolutions on 1 x 1 are no maps' work either.
            double least = _drawn.Work * _drawn.Net.MapWork / (_drawn.Net.MapWork + _drawn.Net.VectorWork);
            Expect("work", true, work >= least - 0.01 && work <= _drawn.Work + 0.01, $"a share of the work between {least:F3} and {_drawn.Work:F3}, not {work:F3},");
        }

        if (layer.ReceptiveField is int field)
        {
            long seen = Seen();
            Expect("field", true, seen <= field, $"a receptive field of at least {seen}, not {field},");
        }
    }

    // How far apart the pixels are that a value in the middle changes with.
    private long Seen()
    {
        using DisposeScope scope = NewDisposeScope();
        TwinMap image = _drawn.Net.Image;
        Tensor pixels = tensor([.. _images[0].Select(value => (double)value)], [1, image.Channels, image.Height, image.Width]).requires_grad_();
        Tensor value = _drawn.Net.Run(pixels, isLocal: true)[_drawn.Layer].select(3, _drawn.Layer.Width / 2).select(2, _drawn.Layer.Height / 2);
        Tensor gradient = autograd.grad([value.sum()], [pixels])[0].abs().sum([0, 1]);
        return Math.Max(Extent(gradient.sum([1])), Extent(gradient.sum([0])));

        static long Extent(Tensor line)
        {
            float[] values = line.Floats();
            int first = Array.FindIndex(values, number => number != 0);
            return first < 0 ? 0 : Array.FindLastIndex(values, number => number != 0) - first + 1;
        }
    }

    private void MapsAreRight(ImageNetwork network, NetworkEngine engine)
    {
        float[] targets = _expected.Targets.Floats();
        CompareMaps(network, engine, SaliencyMethod.AbsCamInitial, _expected.AbsCamInitial(), targets);
        CompareMaps(network, engine, SaliencyMethod.GradCam, _expected.GradCam(), targets);
        if (_drawn.Net.Style.Numbers != TwinNumbers.ByteImage)
        {
            // A masked image has no whole numbers.
            CompareMaps(network, engine, SaliencyMethod.AbsCam, _expected.AbsCam(), targets);
        }
    }

    private void CompareMaps(ImageNetwork network, NetworkEngine engine, SaliencyMethod method, ExpectedMap[] expected, float[] targets)
    {
        TwinMap image = _drawn.Net.Image;
        MLContext context = new(seed: 1);
        IDataView data = VectorRow.View(context, _images.Select((pixels, row) => new VectorRow { Input = pixels, Target = (int)targets[row] }), (int)image.Channels, image.Height, image.Width);
        AbsCamOptions options = new()
        {
            Method = method,
            Layers = [_drawn.Layer.Origin],
            Layout = VectorLayout.ChannelsFirst,
            Target = SaliencyTarget.Column(nameof(VectorRow.Target)),
            ScoreRule = _drawn.Rule,
            Columns = new() { Scores = "Scores", Status = "Status" },
            Engine = engine,
        };
        using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options).Fit(data);
        IDataView explained = transformer.Transform(data);
        float[][] maps = explained.Maps();
        float[][] scores = explained.Maps("Scores");
        string[] status = [.. explained.GetColumn<string>("Status")];
        for (int row = 0; row < Images; row++)
        {
            Compare("probabilities", _expected.Probabilities[row].Floats(), scores[row], ProbabilityTolerance, "probabilities");
            if (!expected[row].IsFlat)
            {
                Maps++;
                Expect("status", nameof(MapStatus.Ok), status[row], $"the status of {method.Name}");
                Compare(method.Name, expected[row].Values, maps[row], expected[row].Tolerance, $"{method.Name} of image {row}");
            }
        }
    }

    private float[] Image(Random random, TwinMap image)
    {
        bool isBytes = _drawn.Net.Style.Numbers == TwinNumbers.ByteImage;
        return [.. Enumerable.Range(0, (int)image.Channels * image.Places).Select(_ => isBytes ? random.Next(256) : (random.NextSingle() * 2) - 1)];
    }

    private void Compare(string kind, float[] expected, float[] actual, double tolerance, string what)
    {
        double worst = expected.Length == actual.Length ? expected.Zip(actual, (a, b) => a == b ? 0.0 : Math.Abs((double)a - b)).Max() : double.NaN;
        if (!(worst <= tolerance))
        {
            Fault(kind, $"{what} off by {worst:G3} (at most {tolerance:G3})");
        }
    }

    private void Expect<T>(string kind, T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Fault(kind, $"{what} is {actual?.ToString() ?? "none"}, expected {expected?.ToString() ?? "none"}");
        }
    }

    // One of a kind: what is wrong of one image and method is wrong of the next.
    private void Fault(string kind, string text)
    {
        if (Faults.All(fault => fault.Kind != kind))
        {
            Faults.Add((kind, $"{text}: {_where}"));
        }
    }
}
