using System.Diagnostics;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Demo.Training;
using TorchSharp;

const int TrainingScenes = 8000;
const int HeldOutScenes = 1000;
const int Epochs = 12;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run --project src/Microsoft.ML.AbsCam.Demo.Training -c Release -- OUTPUT.onnx");
    return 2;
}

torch.random.manual_seed(1);
var clock = Stopwatch.StartNew();
var training = SceneSet.Draw(0, TrainingScenes, size: 2 * DemoNetwork.InputSize);
Console.WriteLine($"drew {TrainingScenes} training scenes of {2 * DemoNetwork.InputSize} px in {clock.Elapsed.TotalSeconds:F0} s");
clock.Restart();
var heldOut = SceneSet.Draw(DemoScenes.FirstHeldOutSeed, HeldOutScenes, size: 320);
Console.WriteLine($"drew {HeldOutScenes} held-out scenes of 320 px in {clock.Elapsed.TotalSeconds:F0} s");

clock.Restart();
using var network = new SceneNetwork(DemoNetwork.Classes.Count);
Console.WriteLine($"{network.parameters().Sum(parameter => parameter.NumberOfElements)} parameters");
new Trainer(network, training, seed: 1).Run(Epochs, Console.WriteLine);
Console.WriteLine($"trained in {clock.Elapsed.TotalSeconds:F0} s");

var result = Evaluation.Measure(network, heldOut);
Console.WriteLine($"held-out accuracy {result.Accuracy:P1}, of {HeldOutScenes} scenes with seeds never seen in training");
Console.WriteLine($"maximum of the class activation map on the object in {result.PeakOnObject:P1} of them (chance: {result.ObjectShare:P1})");
foreach (var (name, accuracy) in DemoNetwork.Classes.Zip(result.ClassAccuracy))
{
    Console.WriteLine($"  {name,-16} {accuracy:P1}");
}

OnnxFile.Write(network, args[0]);
Console.WriteLine($"wrote {args[0]}, {new FileInfo(args[0]).Length} bytes");
return 0;
