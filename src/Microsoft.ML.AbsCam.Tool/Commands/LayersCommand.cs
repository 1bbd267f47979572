using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam layers: what can be explained in a network, and which layer is picked and why.</summary>
internal static class LayersCommand
{
    public static System.CommandLine.Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "An ONNX file." };
        var command = new System.CommandLine.Command("layers", "List the layers that can be explained, which one is picked, and why.") { model };
        command.SetAction(parsed => Run(parsed.GetValue(model)!));
        return command;
    }

    private static int Run(string model)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        NetworkShape shape = network.Shape;
        Console.WriteLine($"{network.Name}: input {shape.Channels} x {shape.Height} x {shape.Width}, {shape.ClassCount} classes");
        Table table = new Table().Border(TableBorder.Simple).AddColumns("", "layer", "operator", "shape", "stride", "sees", "work", "verdict");
        foreach (FeatureLayer layer in network.Layers)
        {
            table.AddRow(
                layer.IsDefault ? "*" : "",
                Markup.Escape(layer.Name),
                Markup.Escape(layer.Operator),
                string.Create(CultureInfo.InvariantCulture, $"{layer.Channels} x {layer.Height} x {layer.Width}"),
                layer.Stride?.ToString(CultureInfo.InvariantCulture) ?? "",
                layer.ReceptiveField?.ToString(CultureInfo.InvariantCulture) ?? "",
                layer.WorkBefore is double work ? string.Create(CultureInfo.InvariantCulture, $"{work:P0}") : "",
                Markup.Escape(layer.Reason));
        }

        if (Console.IsOutputRedirected)
        {
            // A pipe has no width to fit into.
            AnsiConsole.Profile.Width = 400;
        }

        AnsiConsole.Write(table);
        if (network.Layers.FirstOrDefault(layer => layer.IsDefault) is { } pick)
        {
            Console.WriteLine($"* {pick.Name}: {pick.Verdict}");
            return ExitCodes.AllExplained;
        }

        Console.Error.WriteLine($"abscam: '{network.Name}' has no layer with a height and a width above 1, so there is nothing to explain.");
        return ExitCodes.SomeFailed;
    }
}
