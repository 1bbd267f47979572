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

    // Ten colours that the colour-blind tell apart (after Tol's schemes), then once more dashed.
    private static readonly OxyColor[] Colours =
    [
        .. new[] { "#332288", "#117733", "#cc3311", "#0077bb", "#ee7733", "#aa3377", "#44aa99", "#999933", "#661100", "#777777" }.Select(OxyColor.Parse),
    ];

    /// <summary>The names beside their lines, as the page's own text: an image's text is cut where a reader's font is wider.</summary>
    public static string Legend(IEnumerable<string> methods)
        => $"<ul class=\"key\">{string.Concat(methods.Select((method, place) => $"<li><i style=\"border-top:3px {(IsDashed(place) ? "dashed" : "solid")} #{Colour(place).R:x2}{Colour(place).G:x2}{Colour(place).B:x2}\"></i>{WebUtility.HtmlEncode(method)}</li>"))}</ul>";

    public static string Svg(SaliencyMeasure measure, IEnumerable<(string Method, PerturbationCurve Curve)> curves)
    {
        var model = new PlotModel { DefaultFont = "Segoe UI, Helvetica, Arial", PlotAreaBorderColor = OxyColor.Parse("#999999"), Background = OxyColors.White };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1, Title = measure.IsHigherBetter ? "share of pixels put back" : "share of pixels taken away", MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.Parse("#eeeeee") });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Minimum = 0, Title = "probability of the class, mean", AxisTitleDistance = 18, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.Parse("#eeeeee") });
        int place = 0;
        foreach ((string method, PerturbationCurve curve) in curves)
        {
            var line = new LineSeries { Title = method, Color = Colour(place), StrokeThickness = 1.8, LineStyle = IsDashed(place) ? LineStyle.Dash : LineStyle.Solid };
            line.Points.AddRange(curve.Shares.Zip(curve.Probabilities, (share, probability) => new DataPoint(share, probability)));
            model.Series.Add(line);
            place++;
        }

        string svg = new SvgExporter { Width = Width, Height = Height, IsDocument = false }.ExportToString(model);

        // Inside a page, an image scales with its column, and a declaration has no place.
        return svg[svg.IndexOf("<svg", StringComparison.Ordinal)..].Replace("<svg width=\"760\" height=\"430\"", "<svg viewBox=\"0 0 760 430\" role=\"img\"", StringComparison.Ordinal);
    }

    private static OxyColor Colour(int place) => Colours[place % Colours.Length];

    private static bool IsDashed(int place) => place >= Colours.Length;
}
