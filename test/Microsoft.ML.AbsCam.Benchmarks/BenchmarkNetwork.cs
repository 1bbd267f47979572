using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>A network of ../shared, as a file and as one writes it in TorchSharp.</summary>
/// <param name="Name">The name of the file without its ending.</param>
/// <param name="Module">Makes the module with the file's weights.</param>
/// <param name="Layer">The module's feature layer.</param>
/// <param name="Rounds">How many turns each short operation has.</param>
/// <param name="FinalRounds">How many turns phase 2 has.</param>
/// <param name="HasGoals">Whether the ratios have goals: of a network of milliseconds, what libtorch takes to begin an operation is a large part.</param>
/// <param name="ApartGoal">What phase 1 may cost in forward passes of ONNX Runtime.</param>
internal sealed record BenchmarkNetwork(string Name, Func<string, nn.Module<Tensor, Tensor>> Module, string Layer, int Rounds, int FinalRounds, bool HasGoals, string ApartGoal)
{
    public static IReadOnlyList<BenchmarkNetwork> All { get; } =
    [
        new("squeezenet1.0", SqueezeNet.FromOnnx, "features", Rounds: 30, FinalRounds: 5, HasGoals: true, ApartGoal: "1.05"),
        new("resnet20-cifar10", ResNet20.FromOnnx, "layer3", Rounds: 60, FinalRounds: 12, HasGoals: false, ApartGoal: "1.20"),
    ];

    public string File => Path.Combine(Shared, "models", Name + ".onnx");

    public static string Shared { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared"));
}
