using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

/// <summary>Damaged files of whole networks: each is imported or refused in time and in bounded memory.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ModelFuzzTests
{
    private const long Megabyte = 1 << 20;

    // Five seconds on two cores, in processor time so that a busy machine does not fail the test.
    private static readonly TimeSpan LongestImport = TimeSpan.FromSeconds(10);

    // An image may have 2^26 numbers and a value 2^30; what real files can be damaged into stays far below.
    private const long MostMemory = 3072 * Megabyte;
    private const long MostLeft = 512 * Megabyte;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [TestCategory("Fuzz")]
    public void A_damaged_ResNet_is_imported_or_refused() =>
        Survives(File.ReadAllBytes(SharedData.PathOrSkip("models", "resnet20-cifar10.onnx")), Sweep.Of(400, 1600));

    [TestMethod]
    [TestCategory("Fuzz")]
    public void A_damaged_SqueezeNet_is_imported_or_refused()
    {
        // At 64 pixels it has the same structure and takes a twelfth of the time.
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(SharedData.PathOrSkip("models", "squeezenet1.0.onnx")));
        foreach (TensorShapeProto.Types.Dimension size in model.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(2))
        {
            size.DimValue = 64;
        }

        Survives(model.ToByteArray(), Sweep.Of(80, 400));
    }

    [TestMethod]
    [TestCategory("Fuzz")]
    [DataRow("ConvNeXt, operator set 13")]
    [DataRow("ShuffleNet v2, exported for one image")]
    [DataRow("ECA-ResNet")]
    public void A_damaged_small_network_is_imported_or_refused(string family) => Survives(Family.Named(family).Write(), Sweep.Of(60, 200));

    private void Survives(byte[] whole, int rounds)
    {
        ModelDamage damage = new(whole, ModelDamage.Seed);
        using Process process = Process.GetCurrentProcess();
        (long peak, long own) = (process.PeakWorkingSet64, Held(process));
        int refused = 0;
        TimeSpan longest = TimeSpan.Zero;
        for (int round = 0; round < rounds; round++)
        {
            byte[] file = damage.Next();
            TimeSpan before = process.TotalProcessorTime;
            refused += Imports(file, run: round % 10 == 0) ? 0 : 1;
            process.Refresh();
            TimeSpan taken = process.TotalProcessorTime - before;
            longest = taken > longest ? taken : longest;
            Assert.IsTrue(taken < LongestImport, $"round {round} took {taken}");
        }

        long more = Held(process) - own;
        long morePeak = process.PeakWorkingSet64 - peak;
        TestContext.WriteLine($"{rounds} damaged files: {refused} refused, {rounds - refused} imported; the longest took {longest.TotalSeconds:F2} s; the peak rose by {morePeak / Megabyte} MB, {more / Megabyte} MB stayed.");
        Assert.IsLessThan(MostMemory, morePeak);
        Assert.IsLessThan(MostLeft, more);
        Assert.IsGreaterThan(rounds / 10, refused);
        Assert.IsGreaterThan(0, rounds - refused);
    }

    // What is in use: the collector keeps room for what may come, as much as the tests before made it need.
    private static long Held(Process process)
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        process.Refresh();
        return process.PrivateMemorySize64 - GC.GetGCMemoryInfo().TotalCommittedBytes + managed;
    }

    private static bool Imports(byte[] file, bool run)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            using OnnxNetwork loaded = OnnxNetwork.Load(file, "damaged.onnx");
            if (run)
            {
                (Tensor activation, Tensor logits) = loaded.RunFromLayer(zeros(2, loaded.InputChannels, loaded.InputHeight, loaded.InputWidth), loaded.DefaultLayer!.Name);
                autograd.grad([logits.sum()], [activation])[0].Dispose();
            }

            return true;
        }
        catch (NetworkLoadException)
        {
            return false;
        }
    }
}
