using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The options that say how a photo becomes the network's input.</summary>
internal sealed class PreprocessingOptions
{
    private const int LargestSide = 16384;

    private readonly Option<(int Height, int Width)?> _size = Size();
    private readonly Option<ResizeRule?> _resize = CommonOptions.Choice("--resize", "Shorter side and centre crop, both sides squashed, or the longer side and padding. [default: crop]", ("crop", ResizeRule.CenterCrop), ("squash", ResizeRule.Squash), ("pad", ResizeRule.Pad));
    private readonly Option<int?> _resizeTo = CommonOptions.Number("--resize-to", "The shorter side before the centre is cut out, in pixels, from the input's own. [default: 256/224 of it from 128 pixels on, below it itself]", 1, LargestSide);
    private readonly Option<ColorOrder?> _colors = CommonOptions.Choice("--colors", "The planes of the network's input: red, green, blue; blue, green, red, as Caffe and OpenCV have it; or grey, by Rec. 601. [default: rgb, and grey for one channel]", ("rgb", ColorOrder.Rgb), ("bgr", ColorOrder.Bgr), ("grey", ColorOrder.Gray), ("gray", ColorOrder.Gray));
    private readonly Option<double?> _scale = Scale();
    private readonly Option<string?> _mean = new("--mean") { Description = "What is subtracted from each plane after --scale, in the order of --colors; one number for grey. [default: ImageNet's .485,.456,.406 for red, green, blue, .459 for grey; 0 with --scale, or where the network takes whole numbers]", HelpName = "r,g,b" };
    private readonly Option<string?> _std = new("--std") { Description = "What each plane is divided by then. [default: ImageNet's .229,.224,.225 for red, green, blue, .226 for grey; 1 with --scale; where the network takes whole numbers, they get the levels 0 to 255]", HelpName = "r,g,b" };

    private readonly ImportOptions _import = new();

    public void AddTo(System.CommandLine.Command command)
    {
        foreach (Option option in (Option[])[_size, _resize, _resizeTo, _colors, _scale, _mean, _std])
        {
            command.Add(option);
        }

        _import.AddTo(command);
    }

    /// <inheritdoc cref="ImportOptions.Open"/>
    public ImageNetwork Open(ParseResult parsed, string model, string? labels) => _import.Open(parsed, model, parsed.GetValue(_size), labels);

    public ImagePreprocessing For(ParseResult parsed, ImageNetwork network)
    {
        ImagePreprocessing usual = new AbsCamOptions().PreprocessingFor(network);
        ColorOrder colors = parsed.GetValue(_colors) ?? usual.ColorOrder;
        ImagePreprocessing geometry = ImagePreprocessing.For(usual.Height, usual.Width) with
        {
            Resize = parsed.GetValue(_resize) ?? ResizeRule.CenterCrop,
            ResizeTo = parsed.GetValue(_resizeTo),
            ColorOrder = colors,
        };
        if (geometry.ResizeTo is int side && (geometry.Resize != ResizeRule.CenterCrop || side < Math.Min(geometry.Height, geometry.Width)))
        {
            throw new UsageException($"--resize-to {side}: it is the shorter side before the centre is cut out, so it goes with --resize crop, and {Math.Min(geometry.Height, geometry.Width)} pixels, the input's shorter side, are the least.");
        }

        int planes = colors == ColorOrder.Gray ? 1 : 3;
        float[]? mean = Planes("--mean", parsed.GetValue(_mean), planes, float.MinValue, "numbers");
        float[]? std = Planes("--std", parsed.GetValue(_std), planes, float.Epsilon, "numbers above 0");
        double? scale = parsed.GetValue(_scale);
        bool isWhole = usual.Scale == 1;
        if (isWhole && scale is null && mean is null && std is null)
        {
            return colors == ColorOrder.Gray == (usual.ColorOrder == ColorOrder.Gray) ? geometry with { Scale = 1, Mean = usual.Mean, Std = usual.Std } : geometry;
        }

        // ImageNet's numbers are of values in [0,1], and of networks that take fractions.
        bool isUsual = scale is null && !isWhole;
        return geometry with
        {
            Scale = (float?)scale ?? geometry.Scale,
            Mean = mean ?? (isUsual ? geometry.Mean : Every(planes, 0)),
            Std = std ?? (isUsual ? geometry.Std : Every(planes, scale is null ? geometry.Scale : 1)),
        };
    }

    private static float[] Every(int planes, float value) => [.. Enumerable.Repeat(value, planes)];

    private static float[]? Planes(string option, string? text, int planes, float least, string expected)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split(',');
        float[] values = [.. parts.Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)];
        return values.Length == planes && values.All(value => float.IsFinite(value) && value >= least)
            ? values
            : throw new UsageException(planes == 3
                ? $"{option} {text}: three {expected} are expected, one a plane, such as {(option == "--mean" ? "0.485,0.456,0.406" : "0.229,0.224,0.225")}."
                : $"{option} {text}: one of the {expected} is expected, for the one plane of grey levels, such as 0.5.");
    }

    private static Option<(int Height, int Width)?> Size() => new("--size")
    {
        Description = "The size of the network's input in pixels, where the model leaves it open: one number for a square. [default: the model's, or 224]",
        HelpName = "N|HEIGHTxWIDTH",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            int[] sides = [.. text.Split('x', 'X').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 1 and <= LargestSide ? side : 0)];
            if (sides.Length <= 2 && !sides.Contains(0))
            {
                return (sides[0], sides[^1]);
            }

            result.AddError($"--size {text}: a whole number from 1 to {LargestSide} is expected, or a height and a width such as 48x192.");
            return null;
        },
    };

    private static Option<double?> Scale() => new("--scale")
    {
        Description = "What a pixel's value of 0 to 255 is multiplied by before the mean is subtracted: a number, or 1/N. [default: 1/255]",
        HelpName = "N",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            double[] parts = [.. text.Split('/').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
            double scale = parts.Length switch { 1 => parts[0], 2 => parts[0] / parts[1], _ => double.NaN };
            if (float.IsFinite((float)scale) && (float)scale > 0)
            {
                return scale;
            }

            result.AddError($"--scale {text}: a number above 0 is expected, such as 1 or 1/255.");
            return null;
        },
    };
}
