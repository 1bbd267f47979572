using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>How photos become a network's input, in words: what the log, the page and a journal say.</summary>
internal static class PreprocessingText
{
    public static string Of(ImagePreprocessing preprocessing) => string.Create(
        CultureInfo.InvariantCulture,
        $"{preprocessing.Height} x {preprocessing.Width} pixels (height x width), {Words(preprocessing)}, {Words(preprocessing.ColorOrder)}, scale {Scale(preprocessing.Scale)}, mean {Text(preprocessing.Mean)}, std {Text(preprocessing.Std)}");

    private static string Words(ImagePreprocessing preprocessing) => preprocessing.Resize switch
    {
        ResizeRule.CenterCrop => string.Create(CultureInfo.InvariantCulture, $"centre crop{(preprocessing.ResizeTo is int side ? $" of the shorter side at {side}" : "")}"),
        ResizeRule.Squash => "squashed",
        _ => "padded",
    };

    private static string Words(ColorOrder order) => order switch
    {
        ColorOrder.Rgb => "RGB",
        ColorOrder.Bgr => "BGR",
        _ => "grey",
    };

    // 1/255 is 0.003921569 to nobody.
    private static string Scale(float scale) => scale < 1 && MathF.Abs((1 / scale) - MathF.Round(1 / scale)) < 1e-3f
        ? string.Create(CultureInfo.InvariantCulture, $"1/{MathF.Round(1 / scale)}")
        : scale.ToString(CultureInfo.InvariantCulture);

    private static string Text(IReadOnlyList<float> values) => string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
