using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>Five convolutions, global average pooling and a linear layer, and how it is trained.</summary>
internal sealed class SmallNetwork : IDisposable
{
    public const string Layer = "features";
    private const int Side = DrawnScene.Side;
    private const int BatchSize = 50;

    private readonly nn.Module<Tensor, Tensor> _module;

    public SmallNetwork(int seed)
    {
        random.manual_seed(seed);
        nn.Module<Tensor, Tensor> unit(int from, int to, int kernel, int stride) => nn.Sequential(
            ("conv", nn.Conv2d(from, to, kernel, stride, padding: (kernel - stride) / 2, bias: false)), ("norm", nn.BatchNorm2d(to)), ("relu", nn.ReLU()));
        _module = nn.Sequential(
            (Layer, nn.Sequential(("0", unit(3, 16, 4, 2)), ("1", unit(16, 32, 4, 2)), ("2", unit(32, 32, 3, 1)), ("3", unit(32, 64, 4, 2)), ("4", unit(64, 64, 3, 1)))),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("classes", nn.Linear(64, DrawnScene.Classes)));
    }

    /// <summary>For the library; this object keeps the module.</summary>
    public ImageNetwork Open() => ImageNetwork.FromModule(_module, Layer, Side, Side);

    /// <summary>Takes what was trained before, where it was kept.</summary>
    /// <returns>Whether it was.</returns>
    public bool Load(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        _module.load(path);
        _module.eval();
        return true;
    }

    public void Save(string path) => _module.save(path);

    /// <summary>AdamW with a warm-up and a cosine decay; pictures are a little brighter or darker by chance.</summary>
    /// <param name="pictures">What to learn from.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="epochs">How often each is seen.</param>
    /// <param name="rate">The highest step: that of a network that learns from scratch, or less of one that is taught more.</param>
    /// <param name="seed">What the order is drawn from.</param>
    public void Train(IReadOnlyList<byte[]> pictures, IReadOnlyList<int> classes, int epochs, double rate, int seed)
    {
        var chance = new Random(seed);
        using var optimizer = optim.AdamW(_module.parameters(), rate, weight_decay: 1e-2);
        int[] order = [.. Enumerable.Range(0, pictures.Count)];
        int steps = epochs * (pictures.Count / BatchSize);
        _module.train();
        for (int step = 0; step < steps; step++)
        {
            int within = step % (pictures.Count / BatchSize);
            if (within == 0)
            {
                chance.Shuffle(order);
            }

            double progress = step / (double)steps;
            foreach (var group in optimizer.ParamGroups)
            {
                group.LearningRate = rate * (progress < 0.1 ? progress / 0.1 : 0.5 * (1 + Math.Cos(Math.PI * (progress - 0.1) / 0.9)));
            }

            using DisposeScope scope = NewDisposeScope();
            int[] batch = order[(within * BatchSize)..((within + 1) * BatchSize)];
            optimizer.zero_grad();
            Tensor loss = nn.functional.cross_entropy(_module.call(Inputs([.. batch.Select(i => pictures[i])], chance)), tensor([.. batch.Select(i => (long)classes[i])]));
            loss.backward();
            optimizer.step();
        }

        _module.eval();
    }

    /// <summary>The probabilities of the classes of each picture.</summary>
    public float[][] Score(IEnumerable<byte[]> pictures)
    {
        List<float[]> scores = [];
        foreach (byte[][] batch in pictures.Chunk(BatchSize))
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            float[] probabilities = _module.call(Inputs(batch, null)).softmax(1).data<float>().ToArray();
            scores.AddRange(probabilities.Chunk(DrawnScene.Classes));
        }

        return [.. scores];
    }

    public void Dispose() => _module.Dispose();

    private static Tensor Inputs(byte[][] pictures, Random? chance)
    {
        Tensor input = zeros(pictures.Length, 3, Side, Side);
        Span<float> values = MemoryMarshal.Cast<byte, float>(input.bytes);
        for (int n = 0; n < pictures.Length; n++)
        {
            // Nothing is mirrored: a mark in a corner would lie in two. Brightness varies.
            float gain = chance is null ? 1 : 0.9f + (0.2f * chance.NextSingle());
            for (int i = 0; i < Side * Side; i++)
            {
                for (int plane = 0; plane < 3; plane++)
                {
                    values[(((n * 3) + plane) * Side * Side) + i] = ((gain * pictures[n][(i * 4) + plane] / 255f) - 0.45f) / 0.25f;
                }
            }
        }

        return input;
    }
}
