using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The options that say how a photo becomes the network's input.</summary>
internal sealed class PreprocessingOptions
{
    private readonly Option<int?> _size = CommonOptions.Number("--size", "The side of the network's square input, where the model leaves it open. [default: the model's, or 224]", 1, 16384);
    private readonly Option<ResizeRule?> _resize = CommonOptions.Choice("--resize", "Shorter side and centre crop, both sides squashed, or the longer side and padding. [default: crop]", ("crop", ResizeRule.CenterCrop), ("squash", ResizeRule.Squash), ("pad", ResizeRule.Pad));
    private readonly Option<string?> _mean = new("--mean") { Description = "The mean of each colour, of values in [0,1]. [default: ImageNet's .485,.456,.406]", HelpName = "r,g,b" };
    private readonly Option<string?> _std = new("--std") { Description = "The standard deviation of each colour. [default: ImageNet's .229,.224,.225]", HelpName = "r,g,b" };

    private readonly ImportOptions _import = new();

    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_size);
        command.Add(_resize);
        command.Add(_mean);
        command.Add(_std);
        _import.AddTo(command);
    }

    public ImageNetwork Open(ParseResult parsed, string model)
    {
        int? size = parsed.GetValue(_size);
        return ImageNetwork.FromOnnx(model, size, size, _import.For(parsed));
    }

    public ImagePreprocessing For(ParseResult parsed, ImageNetwork network)
    {
        ImagePreprocessing preprocessing = ImagePreprocessing.For(network.Shape.Height, network.Shape.Width) with { Resize = parsed.GetValue(_resize) ?? ResizeRule.CenterCrop };
        return preprocessing with
        {
            Mean = Colours("--mean", parsed.GetValue(_mean), float.MinValue, "three numbers are expected, for red, green and blue, such as 0.485,0.456,0.406") ?? preprocessing.Mean,
            Std = Colours("--std", parsed.GetValue(_std), float.Epsilon, "three numbers above 0 are expected, for red, green and blue, such as 0.229,0.224,0.225") ?? preprocessing.Std,
        };
    }

    private static float[]? Colours(string option, string? text, float least, string expected)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split(',');
        float[] values = [.. parts.Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)];
        return values.Length == 3 && values.All(value => float.IsFinite(value) && value >= least)
            ? values
            : throw new UsageException($"{option} {text}: {expected}.");
    }
}
