// <usings>
using Microsoft.ML.AbsCam.Onnx;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// </usings>
using MLImage = Microsoft.ML.Data.MLImage;
using MLPixelFormat = Microsoft.ML.Data.MLPixelFormat;

namespace Samples.FineTuneOnnx;

/// <summary>Fine-tunes the last layer of an ONNX network in TorchSharp.</summary>
internal static class FineTuneOnnx
{
    private const int PerClass = 10;

    /// <param name="model">ResNet-20 for CIFAR-10 as an ONNX file.</param>
    /// <param name="pictures">A folder with one folder of pictures a class.</param>
    /// <param name="stateDict">Takes the trained weights.</param>
    /// <returns>The share of held-out pictures that are right with a new last layer, and once it is trained.</returns>
    public static (double Before, double After) Example(string model, string pictures, string stateDict)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor images, Tensor classes) = Read(pictures, skip: 0);
        (Tensor heldOut, Tensor heldOutClasses) = Read(pictures, skip: PerClass);

        // <load>
        using OnnxModule network = OnnxModule.Load(model);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            Console.WriteLine($"{name}: {string.Join(" x ", parameter.shape)}");
        }

        // </load>
        // <check>
        using var session = new InferenceSession(model);
        using OrtValue batch = OrtValue.CreateTensorValueFromMemory(images.data<float>().ToArray(), images.shape);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [network.Inputs[0]], [batch], [network.Outputs[0]]);
        using Tensor expected = tensor(results[0].GetTensorDataAsSpan<float>().ToArray()).reshape(images.shape[0], -1);
        using (no_grad())
        {
            double difference = network.call(images).sub(expected).abs().max().ToDouble();
            Console.WriteLine($"furthest from ONNX Runtime: {difference:g2}");
        }

        // </check>
        // <tune>
        // Only the last layer learns, and it begins anew.
        Parameter weight = network.get_parameter("linear.weight")!;
        Parameter bias = network.get_parameter("linear.bias")!;
        foreach (Parameter parameter in network.parameters())
        {
            parameter.requires_grad = false;
        }

        foreach (Parameter parameter in new[] { weight, bias })
        {
            nn.init.zeros_(parameter);
            parameter.requires_grad = true;
        }

        double before = Accuracy(network, heldOut, heldOutClasses);

        using optim.Optimizer optimizer = optim.Adam([weight, bias], lr: 0.01);
        for (int epoch = 0; epoch < 4; epoch++)
        {
            foreach (Tensor rows in randperm(images.shape[0]).split(25))
            {
                optimizer.zero_grad();
                Tensor loss = nn.functional.cross_entropy(network.call(images.index_select(0, rows)), classes.index_select(0, rows));
                loss.backward();
                optimizer.step();
            }
        }

        double after = Accuracy(network, heldOut, heldOutClasses);
        Console.WriteLine($"right among held-out pictures: {before:p0} before, {after:p0} after");

        // </tune>
        // <save>
        network.save(stateDict);

        using OnnxModule another = OnnxModule.Load(model);
        another.load(stateDict);
        using (FileStream trained = File.Create(stateDict + ".onnx"))
        {
            another.ExportOnnx(trained);
        }

        // </save>
        return (before, Accuracy(another, heldOut, heldOutClasses));
    }

    private static double Accuracy(OnnxModule network, Tensor images, Tensor classes)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        return network.call(images).argmax(1).eq(classes).to(ScalarType.Float64).mean().ToDouble();
    }

    // The first pictures of each class behind those that are skipped, as the network was trained to see them.
    private static (Tensor Images, Tensor Classes) Read(string folder, int skip)
    {
        string[] folders = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        (string File, int Class)[] files = [.. folders.SelectMany((path, i) => Names(path).Skip(skip).Take(PerClass).Select(file => (file, i)))];
        Tensor mean = tensor((float[])[0.485f, 0.456f, 0.406f]).view(3, 1, 1);
        Tensor deviation = tensor((float[])[0.229f, 0.224f, 0.225f]).view(3, 1, 1);
        Tensor images = stack(files.Select(file => (Pixels(file.File) - mean) / deviation));
        return (images, tensor(files.Select(file => (long)file.Class).ToArray()));
    }

    private static IOrderedEnumerable<string> Names(string folder) => Directory.GetFiles(folder).Order(StringComparer.Ordinal);

    private static Tensor Pixels(string file)
    {
        using MLImage image = MLImage.CreateFromFile(file);
        int[] order = image.PixelFormat == MLPixelFormat.Bgra32 ? [2, 1, 0] : [0, 1, 2];
        byte[] pixels = image.Pixels.ToArray();
        int size = image.Width * image.Height;
        float[] planes = [.. order.SelectMany(channel => Enumerable.Range(0, size).Select(i => pixels[(4 * i) + channel] / 255f))];
        return tensor(planes, 3, image.Height, image.Width);
    }
}
