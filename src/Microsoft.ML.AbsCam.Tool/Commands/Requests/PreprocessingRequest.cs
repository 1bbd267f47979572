using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says of how a photo becomes the network's input; what it leaves out is as usual for the network.</summary>
internal sealed class PreprocessingRequest
{
    public ResizeRule Resize { get; set; } = ResizeRule.CenterCrop;

    /// <summary>The shorter side before the centre is cut out, in pixels.</summary>
    public int? ResizeTo { get; set; }

    public ColorOrder? Colors { get; set; }

    /// <summary>What levels of 0 to 255 are multiplied by.</summary>
    public double? Scale { get; set; }

    /// <summary>What is subtracted from each plane, numbers with commas between them.</summary>
    public string? Mean { get; set; }

    /// <summary>What each plane is divided by.</summary>
    public string? Std { get; set; }

    /// <summary>Whether nothing was said.</summary>
    public bool IsUsual => (Resize, ResizeTo, Colors, Scale, Mean, Std) == (ResizeRule.CenterCrop, null, null, null, null, null);

    /// <exception cref="UsageException">Two of them do not fit each other.</exception>
    public ImagePreprocessing For(ImageNetwork network)
    {
        ImagePreprocessing usual = new AbsCamOptions().PreprocessingFor(network);
        ColorOrder colors = Colors ?? usual.ColorOrder;
        ImagePreprocessing geometry = ImagePreprocessing.For(usual.Height, usual.Width) with { Resize = Resize, ResizeTo = ResizeTo, ColorOrder = colors };
        if (ResizeTo is int side && (Resize != ResizeRule.CenterCrop || side < Math.Min(geometry.Height, geometry.Width)))
        {
            throw new UsageException($"--resize-to {side}: it is the shorter side before the centre is cut out, so it goes with --resize crop, and {Math.Min(geometry.Height, geometry.Width)} pixels, the input's shorter side, are the least.");
        }

        int planes = colors == ColorOrder.Gray ? 1 : 3;
        float[]? mean = Planes("--mean", Mean, planes, float.MinValue, "numbers");
        float[]? std = Planes("--std", Std, planes, float.Epsilon, "numbers above 0");
        bool isWhole = usual.Scale == 1;
        if (isWhole && Scale is null && mean is null && std is null)
        {
            return colors == ColorOrder.Gray == (usual.ColorOrder == ColorOrder.Gray) ? geometry with { Scale = 1, Mean = usual.Mean, Std = usual.Std } : geometry;
        }

        // ImageNet's numbers are of values in [0,1], and of networks that take fractions.
        bool isUsual = Scale is null && !isWhole;
        return geometry with
        {
            Scale = (float?)Scale ?? geometry.Scale,
            Mean = mean ?? (isUsual ? geometry.Mean : Every(planes, 0)),
            Std = std ?? (isUsual ? geometry.Std : Every(planes, Scale is null ? geometry.Scale : 1)),
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
}
