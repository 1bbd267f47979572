using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>Options that say how a photo becomes the network's input. Pages and journals speak of all of them at once, at the first.</summary>
internal static class PreprocessingOptions
{
    private const int LargestSide = 16384;

    public static IReadOnlyList<ICommandOption<ExplanationRequest>> All() =>
    [
        Resize<ExplanationRequest>() with
        {
            OnPages = ("Seen", request => PreprocessingText.Of(request.Options.PreprocessingFor(request.Network))),
            InJournals = ("preprocessing", request => JsonSerializer.Serialize(request.Options.Preprocessing)),
        },
        .. Others(),
    ];

    /// <summary>The same where there is neither page nor journal.</summary>
    public static IReadOnlyList<ICommandOption<IPhotoRequest>> OfReference() => [Resize<IPhotoRequest>(), .. Others()];

    private static CommandOption<T, ResizeRule> Resize<T>()
        where T : IPhotoRequest
        => new(
            OptionSyntax.Choice("--resize", "Shorter side and centre crop, both sides squashed, or the longer side and padding. [default: crop]", ("crop", ResizeRule.CenterCrop), ("squash", ResizeRule.Squash), ("pad", ResizeRule.Pad)),
            (request, rule) => request.Preprocessing.Resize = rule);

    private static ICommandOption<IPhotoRequest>[] Others() =>
    [
        new CommandOption<IPhotoRequest, int>(
            OptionSyntax.Number("--resize-to", "The shorter side before the centre is cut out, in pixels, from the input's own. [default: 256/224 of it from 128 pixels on, below it itself]", 1, LargestSide),
            (request, side) => request.Preprocessing.ResizeTo = side),
        new CommandOption<IPhotoRequest, ColorOrder>(
            OptionSyntax.Choice("--colors", "The planes of the network's input: red, green, blue; blue, green, red, as Caffe and OpenCV have it; or grey, by Rec. 601. [default: rgb, and grey for one channel]", ("rgb", ColorOrder.Rgb), ("bgr", ColorOrder.Bgr), ("grey", ColorOrder.Gray), ("gray", ColorOrder.Gray)),
            (request, colors) => request.Preprocessing.Colors = colors),
        new CommandOption<IPhotoRequest, double>(
            OptionSyntax.Parsed("--scale", "N", "What a pixel's value of 0 to 255 is multiplied by before the mean is subtracted: a number, or 1/N. [default: 1/255]", Scale),
            (request, scale) => request.Preprocessing.Scale = scale),
        new CommandOption<IPhotoRequest, string>(
            OptionSyntax.Text("--mean", "r,g,b", "What is subtracted from each plane after --scale, in the order of --colors; one number for grey. [default: ImageNet's .485,.456,.406 for red, green, blue, .459 for grey; 0 with --scale, or where the network takes whole numbers]"),
            (request, mean) => request.Preprocessing.Mean = mean),
        new CommandOption<IPhotoRequest, string>(
            OptionSyntax.Text("--std", "r,g,b", "What each plane is divided by then. [default: ImageNet's .229,.224,.225 for red, green, blue, .226 for grey; 1 with --scale; where the network takes whole numbers, they get the levels 0 to 255]"),
            (request, std) => request.Preprocessing.Std = std),
    ];

    private static double Scale(string text)
    {
        double[] parts = [.. text.Split('/').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        double scale = parts.Length switch { 1 => parts[0], 2 => parts[0] / parts[1], _ => double.NaN };
        return float.IsFinite((float)scale) && (float)scale > 0 ? scale : throw new FormatException("a number above 0 is expected, such as 1 or 1/255.");
    }
}
