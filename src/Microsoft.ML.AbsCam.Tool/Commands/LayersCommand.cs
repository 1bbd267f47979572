using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam layers: the layers of a network, what can be explained, and which layer is picked and why.</summary>
internal static class LayersCommand
{
    public static System.CommandLine.Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file." };
        var command = new System.CommandLine.Command("layers", "List the layers, what each is good for, which one is picked, and why.") { model };
        var options = new OptionTable<NetworkRequest>(NetworkOptions.Opening());
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            using ImageNetwork network = options.Read(parsed, new NetworkRequest { Model = parsed.GetValue(model)! }).Open();
            return Run(network);
        });
        return command;
    }

    private static int Run(ImageNetwork network)
    {
        NetworkShape shape = network.Shape;
        IReadOnlyList<FeatureLayer> layers = network.Layers;
        if (layers.All(layer => layer.Kind == LayerVerdict.OnePixel))
        {
            // Raises the error.
            network.FindLayer(null);
        }

        Console.WriteLine($"{TerminalText.Escaped(network.Name)}: input {shape.Channels} x {shape.Height} x {shape.Width}, {Counted(shape.ClassCount)}{(network.ScoresOutput is string output ? $", scores: {TerminalText.Escaped(output)}" : "")}");
        Console.WriteLine(TerminalText.Escaped($"taken to {network.WhyTask}"));
        foreach (string finding in Findings(network))
        {
            Console.WriteLine(TerminalText.Escaped(finding));
        }

        foreach ((string text, bool isPick) in LayerList.Lines(layers, Console.IsOutputRedirected ? null : AnsiConsole.Profile.Width))
        {
            if (Console.IsOutputRedirected)
            {
                Console.WriteLine(text);
            }
            else
            {
                AnsiConsole.Console.WriteLine(text, isPick ? new Style(Color.Green, decoration: Decoration.Bold) : Style.Plain);
            }
        }

        Console.WriteLine(TerminalText.Escaped(layers.FirstOrDefault(layer => layer.IsDefault) is FeatureLayer pick ? $"picked (*): {pick.Name}" : $"none is picked: {network.WhyNoDefaultLayer}"));
        return ExitCodes.AllExplained;
    }

    private static string Counted(int scores) => scores == 1 ? "one score" : $"{scores} classes";

    // Where nothing tells what the scores are, the layers are listed all the same.
    private static IReadOnlyList<string> Findings(ImageNetwork network)
    {
        try
        {
            AbsCamOptions usual = new AbsCamOptions().FittedTo(network);
            usual = PlaceMethod.IsFor(network) ? usual with { Method = PlaceMethod.Usual } : usual;
            return (UsualTarget.Of(network) is { } target ? usual with { Target = target.Target } : usual).FindingsFor(network);
        }
        catch (ArgumentException e)
        {
            return [e.Message];
        }
    }
}
