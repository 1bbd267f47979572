using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Compare;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam evaluate: one method's maps, or maps that another program wrote.</summary>
internal static class EvaluateCommand
{
    public static System.CommandLine.Command Create()
        => MeasureCommand.Create("evaluate", "Measure one method's maps, or maps from files of another program.", MeasureOptions.Table(
            "abscam-evaluation",
            new CommandOption<MeasureRequest, SaliencyMethod>(MethodOption.Syntax(), (request, method) => request.Sources = [new MethodSource(method)]),
            new CommandOption<MeasureRequest, string>(
                OptionSyntax.Text("--maps", "DIR", "Maps to measure in place of a method's: a folder of .npy files named like the photos, as 'explain --save npy' writes them."),
                TakeMaps)
            {
                InJournals = ("maps", request => $"{request.MapFolder} {request.MapExtent}"),
            },
            new CommandOption<MeasureRequest, MapExtent>(
                OptionSyntax.Choice("--map-extent", "What the maps of --maps lie over: the network's input after the crop, or the whole photo. [default: input]", ("input", MapExtent.Input), ("photo", MapExtent.Photo)),
                (request, extent) => request.MapExtent = extent)));

    private static void TakeMaps(MeasureRequest request, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"--maps {folder}: there is no such folder.");
        }

        request.MapFolder = folder;
        request.Sources = [new FileSource(new DirectoryInfo(folder).Name, folder)];
    }
}
