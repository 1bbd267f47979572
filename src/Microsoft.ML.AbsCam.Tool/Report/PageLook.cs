using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What pages draw overlays by, and the controls that change it.</summary>
internal static class PageLook
{
    private const int Steps = 256;

    /// <summary>Scripts that draw maps and read the controls, in their order.</summary>
    public static IReadOnlyList<string> Scripts { get; } = ["heat.js", "elements.js", "looks.js"];

    /// <summary>The palettes' colours as pages hold them: 256 times red, green and blue, in Base64.</summary>
    public static IReadOnlyDictionary<string, string> Palettes { get; } = Enum.GetValues<ColorMap>().ToDictionary(map => map.ToString(), map => Convert.ToBase64String(Colours(map)));

    /// <summary>What does not change on the page.</summary>
    public static object Of(OverlayOptions overlay) => new { overlay.Opacity, overlay.Dimming, overlay.Outline };

    /// <summary>The panel of controls, the fader and the scale.</summary>
    /// <param name="hasPairs">Whether the page draws two maps over each other.</param>
    public static Markup Controls(bool hasPairs) => new(PageTemplate.Render("report/looks.html", new { HasPairs = hasPairs }));

    /// <summary>Settings as the page's script reads them.</summary>
    public static Markup Settings(object settings) => new(JsonSerializer.Serialize(settings, ReportWriter.Json));

    /// <summary>These scripts, one after the other.</summary>
    public static Markup Script(params IEnumerable<string> names) => new(string.Concat(names.Select(name => EmbeddedText.Read("report/" + name))));

    /// <summary>Where maps lie on a photo: left, top, right and bottom as shares of its width and height, beyond 0 and 1 where it was padded.</summary>
    public static double[] RegionOn(MLImage photo, ImagePreprocessing preprocessing)
    {
        PhotoRegion region = SaliencyOverlay.Region(photo.Width, photo.Height, preprocessing);
        return [region.Left / photo.Width, region.Top / photo.Height, region.Right / photo.Width, region.Bottom / photo.Height];
    }

    private static byte[] Colours(ColorMap map) => [.. Enumerable.Range(0, Steps).SelectMany(i => map.ColorOf(i / (Steps - 1f)) is var (red, green, blue) ? new[] { red, green, blue } : [])];
}
