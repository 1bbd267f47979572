using System.Globalization;
using System.Net;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>The mean curves of all methods under one measure, as SVG.</summary>
internal static class CurvePlot
{
    private const double Width = 760;
    private const double Height = 430;

    private const double Thickness = 1.8;

    // Lines are told apart without colours, too.
    private static readonly double[][] Patterns = [[1000], [6, 3], [2, 2], [8, 2, 2, 2], [12, 3], [8, 2, 2, 2, 2, 2], [4, 4]];

    // Ten colours that the colour-blind tell apart (after Tol's schemes); with seven patterns, seventy lines.
    private static readonly OxyColor[] Colours =
    [
        .. new[] { "#332288", "#117733", "#cc3311", "#0077bb", "#ee7733", "#aa3377", "#44aa99", "#999933", "#661100", "#777777" }.Select(OxyColor.Parse),
    ];

    /// <summary>A piece of a line, for its name to stand beside as the page's own text: an image's text is cut where a reader's font is wider.</summary>
    public static string Key(int place)
        => string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 42 8\" aria-hidden=\"true\"><line x1=\"0\" y1=\"4\" x2=\"42\" y2=\"4\" stroke=\"#{Colour(place).R:x2}{Colour(place).G:x2}{Colour(place).B:x2}\" stroke-width=\"{Thickness + 1:0.0}\" stroke-dasharray=\"{string.Join(' ', Pattern(place).Select(length => length * Thickness))}\"/></svg>");

    public static string Svg(SaliencyMeasure measure, IReadOnlyList<(string Method, PerturbationCurve Curve)> curves)
    {
        PerturbationCurve any = curves[0].Curve;
        var model = new PlotModel { DefaultFont = "Segoe UI, Helvetica, Arial", PlotAreaBorderColor = OxyColor.Parse("#999999"), Background = OxyColors.Undefined };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1, Title = any.ShareTitle, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.Parse("#eeeeee") });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Title = any.ProbabilityTitle, AxisTitleDistance = 18, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.Parse("#eeeeee") });
        int place = 0;
        foreach ((string method, PerturbationCurve curve) in curves)
        {
            var line = new LineSeries { Title = method, Color = Colour(place), StrokeThickness = Thickness, Dashes = Pattern(place) };
            line.Points.AddRange(curve.Shares.Zip(curve.Probabilities, (share, probability) => new DataPoint(share, probability)));
            model.Series.Add(line);
            place++;
        }

        string svg = new SvgExporter { Width = Width, Height = Height, IsDocument = false }.ExportToString(model);

        // Inside a page, an image scales with its column, and a declaration has no place.
        return svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("<svg width=\"760\" height=\"430\"", $"<svg viewBox=\"0 0 760 430\" role=\"img\" aria-label=\"The mean curves of {WebUtility.HtmlEncode(measure.Name)}, a line a method\"", StringComparison.Ordinal);
    }

    private static OxyColor Colour(int place) => Colours[place % Colours.Length];

    // In multiples of the thickness; a line without gaps has none.
    private static double[] Pattern(int place) => Patterns[place % Patterns.Length];
}
