using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam compare: many methods on the same photos, by the same measures.</summary>
internal static class CompareCommand
{
    private const string UsualMethods = "abs-cam,abs-cam-initial,grad-cam,grad-cam++,layer-cam,score-cam";

    public static System.CommandLine.Command Create()
        => MeasureCommand.Create("compare", "Compare saliency methods on photos: a table with intervals, curves, and a page with the maps side by side.", MeasureOptions.Table(
            "abscam-comparison",
            new CommandOption<MeasureRequest, string>(
                OptionSyntax.Text("--methods", "NAME,NAME", $"The methods, by their names, or 'all'. The baselines random and center-gaussian are always there. Names: {string.Join(", ", SaliencyMethod.All.Select(method => method.Name))}; for some networks {string.Join(", ", SaliencyMethod.ForSomeNetworks)}, which 'all' leaves out.", UsualMethods),
                (request, names) => request.Sources = MethodList.Parse(names)),
            new CommandOption<MeasureRequest, int>(
                OptionSyntax.Number("--grid", "Play the grid pointing game with so many tiles along a side: pictures of different classes in one, of which each class's map should keep to its own. Needs no boxes.", 2, 16),
                (request, tiles) => request.GridTiles = tiles),
            new CommandOption<MeasureRequest, int>(
                OptionSyntax.Number("--sanity", "Check on so many photos whether maps change when all that the network learnt is drawn anew.", 1, int.MaxValue),
                (request, photos) => request.SanityPhotos = photos)));
}
