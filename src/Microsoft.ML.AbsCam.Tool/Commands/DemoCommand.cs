using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam demo: the embedded network explains pictures that are drawn on the spot, with no download.</summary>
internal static class DemoCommand
{
    private const int MostPictures = 10_000;

    public static System.CommandLine.Command Create()
    {
        OptionTable<DemoRequest> options = Options();
        var command = new System.CommandLine.Command("demo", "Explain pictures with an embedded network; nothing is downloaded.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(options.Read(parsed, new DemoRequest()), cancellation)));
        return command;
    }

    private static OptionTable<DemoRequest> Options() => new(
    [
        RunOptions.Output("abscam-demo"),
        new CommandOption<DemoRequest, int>(
            OptionSyntax.Number("--pictures", $"How many pictures are drawn, ten classes in turn. [default: {DemoRequest.UsualPictures}]", 1, MostPictures),
            (request, count) => request.Pictures = count),
        MapOptions.Device(),
        RunOptions.Quiet(),
    ]);

    private static int Run(DemoRequest request, CancellationToken cancellation)
    {
        string pictures = Path.Combine(request.Output, "pictures");
        request.Model = Path.Combine(request.Output, "demo.onnx");
        request.Images = [pictures];
        request.Overwrite = true;
        request.Options = request.Options with
        {
            Labels = DemoNetwork.Classes,
            Preprocessing = ImagePreprocessing.For(DemoNetwork.InputSize, DemoNetwork.InputSize) with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std },
        };
        Dictionary<string, DemoScene> scenes = WriteInputs(pictures, Path.Combine(request.Output, "masks"), request.Pictures, request.Model, Path.Combine(request.Output, "demo-labels.txt"));
        using ImageNetwork network = request.Settle();
        ExplainSettings settings = request.ToSettings(ExplainOptions.Table().Facts(request), new Dictionary<string, string>()) with
        {
            Files = [.. request.Files.Where(file => scenes.ContainsKey(file.Name))],
            Title = "Ten things a small network knows, and where it saw them",
            Truth = file => scenes.GetValueOrDefault(file.Name)?.ClassName,
            IsOnObject = (file, x, y) => scenes.TryGetValue(file.Name, out DemoScene? scene) ? IsOnObject(scene, x, y) : null,
        };
        return RunCommand.Run(settings, request.IsQuiet, cancellation);
    }

    /// <summary>Draws pictures that the network was not trained on, and leaves all inputs beside the results, to be tried with other options.</summary>
    private static Dictionary<string, DemoScene> WriteInputs(string folder, string masks, int count, string model, string labels)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateDirectory(masks);
            File.WriteAllBytes(model, DemoNetwork.ReadOnnx());
            File.WriteAllLines(labels, DemoNetwork.Classes);
            var scenes = new Dictionary<string, DemoScene>();
            foreach (DemoScene scene in DemoScenes.HeldOut(count))
            {
                string name = $"{scenes.Count:000}-{scene.ClassName.Replace(' ', '-')}.png";
                File.WriteAllBytes(Path.Combine(folder, name), scene.EncodePng());
                File.WriteAllBytes(Path.Combine(masks, name), scene.EncodeMaskPng());
                scenes.Add(name, scene);
            }

            return scenes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The pictures cannot be written to '{folder}': {e.Message} Give another folder with --output.");
        }
    }

    /// <summary>The pictures are square, so the network saw all of each, and shares of a map are shares of the picture.</summary>
    private static bool IsOnObject(DemoScene scene, double x, double y)
        => scene.Mask.Span[((int)(y * scene.Height) * scene.Width) + (int)(x * scene.Width)];
}
