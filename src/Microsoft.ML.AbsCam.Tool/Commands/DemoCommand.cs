using System.CommandLine;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam demo: the embedded network explains pictures that are drawn on the spot, with no download.</summary>
internal static class DemoCommand
{
    private const int Pictures = 40;
    private const int MostPictures = 10_000;

    public static System.CommandLine.Command Create()
    {
        Option<string> output = CommonOptions.Output("abscam-demo");
        Option<int?> pictures = CommonOptions.Number("--pictures", $"How many pictures are drawn, ten classes in turn. [default: {Pictures}]", 1, MostPictures);
        Option<bool> quiet = CommonOptions.Quiet();
        var command = new System.CommandLine.Command("demo", "Explain pictures with an embedded network; nothing is downloaded.") { output, pictures, quiet };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed.GetValue(output)!, parsed.GetValue(pictures) ?? Pictures, parsed.GetValue(quiet), cancellation)));
        return command;
    }

    private static int Run(string output, int count, bool isQuiet, CancellationToken cancellation)
    {
        string pictures = Path.Combine(output, "pictures");
        string model = Path.Combine(output, "demo.onnx");
        Dictionary<string, DemoScene> scenes = WriteInputs(pictures, Path.Combine(output, "masks"), count, model, Path.Combine(output, "demo-labels.txt"));
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        var settings = new ExplainSettings
        {
            Files = [.. InputFiles.Find([pictures], output).Where(file => scenes.ContainsKey(file.Name))],
            Network = network,
            Output = output,
            Overwrite = true,
            Title = "Ten things a small network knows, and where it saw them",
            Truth = file => scenes.GetValueOrDefault(file.Name)?.ClassName,
            IsOnObject = (file, x, y) => scenes.TryGetValue(file.Name, out DemoScene? scene) ? IsOnObject(scene, x, y) : null,
            Options = new AbsCamOptions
            {
                Labels = DemoNetwork.Classes,
                Preprocessing = ImagePreprocessing.For(DemoNetwork.InputSize, DemoNetwork.InputSize) with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std },
            },
        };
        return RunCommand.Run(settings, isQuiet, cancellation);
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
