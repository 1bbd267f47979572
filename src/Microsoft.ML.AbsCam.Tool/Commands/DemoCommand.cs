using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Demos;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam demo: an embedded network explains pictures that are drawn on the spot, with no download.</summary>
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
        RunOptions.Output(DemoRequest.UsualOutput),
        new CommandOption<DemoRequest, DemoSet>(
            OptionSyntax.Choice(
                "--task",
                $"What is asked: why this class, why this box of a detector, why this region of a segmentation, why this class and not the one most like it, why like another picture (embed), or why this class of a vision transformer (tokens). Of any but the first, results go to {DemoRequest.UsualOutput}-TASK. [default: classify]",
                [.. DemoSet.All.Select(set => (set.Name, set))]),
            (request, set) => request.Set = set),
        new CommandOption<DemoRequest, int>(
            OptionSyntax.Number("--pictures", $"How many pictures are drawn, the classes in turn. [default: {DemoRequest.UsualPictures}]", 1, MostPictures),
            (request, count) => request.Pictures = count),
        MapOptions.Device(),
        RunOptions.Quiet(),
    ]);

    private static int Run(DemoRequest request, CancellationToken cancellation)
    {
        request.Output = request.Output == DemoRequest.UsualOutput && request.Set != DemoSet.Classify ? $"{DemoRequest.UsualOutput}-{request.Set.Name}" : request.Output;
        var folder = new DemoFolder(request.Set, request.Output);
        Dictionary<string, DemoPicture> pictures = folder.Write(request.Pictures);
        request.Model = folder.Model;
        request.Task = request.Set.Task;
        request.Method = new MethodRequest(request.Set.Method);
        request.Images = [folder.Pictures];
        request.TargetTexts = [folder.Target];
        request.Overwrite = true;
        request.Options = request.Options with
        {
            Labels = request.Set.Classes is { Count: > 0 } classes ? classes : null,
            Preprocessing = ImagePreprocessing.For(DemoNetwork.InputSize, DemoNetwork.InputSize) with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std },
        };
        using ImageNetwork network = request.Settle();
        ExplainSettings settings = request.ToSettings(ExplainOptions.Table().Facts(request), new Dictionary<string, string>()) with
        {
            Files = [.. request.Files.Where(file => pictures.ContainsKey(file.Name))],
            Title = request.Set.Title,
            Truth = file => pictures.GetValueOrDefault(file.Name)?.ClassName,
            IsOnObject = (file, x, y) => pictures.GetValueOrDefault(file.Name)?.IsOnObject?.Invoke(x, y),
        };
        return RunCommand.Run(settings, request.IsQuiet, cancellation);
    }
}
