using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// Passes that are looked at for a few percent, each contender in a process of its own and the processes in turns: two sessions of ONNX Runtime in one process
/// are in each other's way, since threads of the one still wait by spinning while the other runs.
/// </summary>
internal static class ApartPasses
{
    private const int Rows = 8;
    private const int OnEnd = 10;
    private const string Phase1 = "phase-1";

    /// <summary>The phase 1 of a network that users get.</summary>
    public static string[] OfPhase1(string file) => [file, Phase1];

    /// <summary>A file in ONNX Runtime alone.</summary>
    public static string[] OfRuntime(string file) => [file, "runtime"];

    /// <summary>Times of contenders, by their names: of a batch, and as <see cref="Stream"/> of ten on end.</summary>
    /// <param name="contenders">Each with what <see cref="OfPhase1"/> or <see cref="OfRuntime"/> says of it.</param>
    /// <param name="rounds">How many processes each has.</param>
    public static Turns Of(IReadOnlyDictionary<string, string[]> contenders, int rounds)
    {
        var turns = new Turns();
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, string[] contender) in round % 2 == 0 ? contenders : contenders.Reverse())
            {
                (double batch, double stream) = Run(contender);
                turns.Add(name, batch);
                turns.Add(Stream(name), stream);
            }
        }

        return turns;
    }

    public static string Stream(string what) => string.Create(CultureInfo.InvariantCulture, $"{what}, {OnEnd} batches on end");

    /// <summary>What a process prints: the medians of a batch alone and of ten on end, in milliseconds.</summary>
    public static void PrintRow(string file, string what)
    {
        using BareRuntime? bare = what == Phase1 ? null : BareRuntime.OfNoise(file, Rows);
        using ImageNetwork? network = what == Phase1 ? ImageNetwork.FromOnnx(file) : null;
        Action pass = network is null ? bare!.Run : Phase1Of(network);
        var turns = new Turns();
        for (int round = -5; round < 25; round++)
        {
            Turns counted = round < 0 ? new Turns() : turns;
            counted.Time("batch", pass);
            if (round % 5 == 0)
            {
                counted.Time("stream", () => Repeat(pass));
            }
        }

        Console.WriteLine(string.Join(' ', turns.All.Select(time => time.Median.ToString("R", CultureInfo.InvariantCulture))));
    }

    // Images come as a pipeline's do, as numbers of the host.
    private static Action Phase1Of(ImageNetwork network)
    {
        IExplainer explainer = UsersExplainer.Of(network, SaliencyMethod.AbsCamInitial);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        long[] size = [network.Shape.Channels, network.Shape.Height, network.Shape.Width];
        float[] images = BareRuntime.Noise([Rows, .. size]);
        return () => explainer.Explain(images, rows, size, RowAsks.Nothing, withMaps: true);
    }

    private static void Repeat(Action pass)
    {
        for (int batch = 0; batch < OnEnd; batch++)
        {
            pass();
        }
    }

    private static (double Batch, double Stream) Run(string[] contender)
    {
        using Process process = Self.StartRead("apart-row", contender[0], contender[1]);
        string told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double[] times = [.. told.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return (times[0], times[1]);
    }
}
