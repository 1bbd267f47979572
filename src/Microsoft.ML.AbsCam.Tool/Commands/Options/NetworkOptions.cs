using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>Options that say which model is opened, and how.</summary>
internal static class NetworkOptions
{
    private const int LargestSide = 16384;

    public static ICommandOption<NetworkRequest> Model()
    {
        Option<string> option = OptionSyntax.Text(["--model", "-m"], "FILE", "The network, an ONNX file.");
        option.Required = true;
        return new CommandOption<NetworkRequest, string>(option, (request, path) => request.Model = path)
        {
            OnPages = ("Model", request => request.Network.Name),
            InJournals = ("model", request => ContentHash.OfFile(request.Model)),
        };
    }

    /// <summary>What a model is opened with, whatever is then done with it.</summary>
    public static IReadOnlyList<ICommandOption<NetworkRequest>> Opening() =>
    [
        new CommandOption<NetworkRequest, string>(
            OptionSyntax.Text("--labels", "FILE", "The names of the classes, one a line. [default: the model's own, where it has one for each class]"),
            (request, path) => request.LabelPath = path)
        {
            InJournals = ("labels", request => request.ClassNames is null ? "none" : ContentHash.Of(JsonSerializer.SerializeToUtf8Bytes(request.ClassNames))),
        },
        new CommandOption<NetworkRequest, (int, int)>(
            OptionSyntax.Parsed("--size", "N|HEIGHTxWIDTH", "The size of the network's input in pixels, where the model leaves it open: one number for a square. [default: the model's, or 224]", Size),
            (request, size) => request.Size = size),
        new CommandOption<NetworkRequest, string>(
            OptionSyntax.Text("--scores-output", "NAME", "The output that holds the class scores, or a value inside the model, where the model has several outputs that could. [default: found out; else all are named]"),
            (request, name) => request.ScoresOutput = name)
        {
            OnPages = ("Scores", request => request.Network.ScoresOutput is { } output ? $"of the output '{output}'" : null),
        },
        new CommandOption<NetworkRequest, NetworkTask>(
            OptionSyntax.Choice(
                "--task",
                "What the network is for, where its output could be something else too: a vector is class scores, an embedding or numbers of a regression. [default: as the output looks; 'abscam layers' says what and why]",
                ("classify", NetworkTask.Classify),
                ("detect", NetworkTask.Detect),
                ("segment", NetworkTask.Segment),
                ("embed", NetworkTask.Embed),
                ("regress", NetworkTask.Regress)),
            (request, task) => request.Task = task)
        {
            OnPages = ("Task", request => request.Network.WhyTask),
            InJournals = ("task", request => request.Task == NetworkTask.Auto ? null : request.Task.ToString()),
        },
        new CommandOption<NetworkRequest, long>(
            OptionSyntax.Number("--max-work", $"The work that opening the model may take, in multiply-adds. [default: {OnnxImportLimits.Default.MostMultiplyAdds}]", 1, long.MaxValue),
            (request, work) => request.Limits = request.Limits with { MostMultiplyAdds = work }),
        new CommandOption<NetworkRequest, int>(
            OptionSyntax.Number("--max-nodes", $"The nodes that the model may have. [default: {OnnxImportLimits.Default.MostNodes}]", 1, int.MaxValue),
            (request, nodes) => request.Limits = request.Limits with { MostNodes = nodes }),
    ];

    private static (int Height, int Width) Size(string text)
    {
        int[] sides = [.. text.Split('x', 'X').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 1 and <= LargestSide ? side : 0)];
        return sides.Length <= 2 && !sides.Contains(0)
            ? (sides[0], sides[^1])
            : throw new FormatException($"a whole number from 1 to {LargestSide} is expected, or a height and a width such as 48x192.");
    }
}
