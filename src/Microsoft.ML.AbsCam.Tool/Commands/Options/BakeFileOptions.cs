using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>Options of abscam bake beside those that open the model.</summary>
internal static class BakeFileOptions
{
    public static IReadOnlyList<ICommandOption<BakeRequest>> All() =>
    [
        new CommandOption<BakeRequest, SaliencyMethod>(
            OptionSyntax.Parsed(
                "--method",
                "METHOD",
                $"The method: {string.Join(", ", NetworkBaking.Methods)}. [default: {new BakeOptions().Method}, and {PlaceMethod.Usual} where the network scores pixels or boxes]",
                MethodOption.Parse),
            (request, method) => request.Method = method),
        new CommandOption<BakeRequest, string>(
            OptionSyntax.Text("--layer", "NAME", "The feature layer, as 'abscam layers' names it. [default: its pick]"),
            (request, name) => request.Options = request.Options with { Layer = name }),
        new CommandOption<BakeRequest, string>(
            OptionSyntax.Text(
                "--target",
                "predicted|input|CLASS|KIND:…",
                "What is explained: the highest class, a class by its name or index, contrast:runner-up or contrast:CLASS, output:N, region:CLASS, box:best or box:CLASS, box:LEFT,TOP,WIDTH,HEIGHT (in pixels of the network's input), similar:FILE (the likeness to a photo, which goes in as --mean and the like say); or 'input', and the model takes the class of each image by a second input, 'target'. [default: predicted]"),
            (request, target) => request.TargetText = target),
        new CommandOption<BakeRequest, MapSize>(
            OptionSyntax.Choice("--map", "The size of the maps: the input's, or the layer's. [default: input]", ("input", MapSize.Input), ("layer", MapSize.Layer)),
            (request, size) => request.Options = request.Options with { MapSize = size }),
        new CommandOption<BakeRequest, string>(
            OptionSyntax.Text(["--output", "-o"], "FILE", "The file to write. [default: the model's name with .baked.onnx, in the working folder]"),
            (request, path) => request.Output = path),
    ];
}
