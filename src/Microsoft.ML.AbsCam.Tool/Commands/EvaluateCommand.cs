using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Compare;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam evaluate: one method's maps, or maps that another program wrote.</summary>
internal static class EvaluateCommand
{
    public static System.CommandLine.Command Create()
    {
        var measuring = new MeasureOptions("abscam-evaluation");
        Option<SaliencyMethod?> method = CommonOptions.Method();
        var maps = new Option<string?>("--maps") { Description = "Maps to measure in place of a method's: a folder of .npy files named like the photos, as 'explain --save npy' writes them.", HelpName = "DIR" };
        Option<MapExtent?> extent = CommonOptions.Choice("--map-extent", "What the maps of --maps lie over: the network's input after the crop, or the whole photo. [default: input]", ("input", MapExtent.Input), ("photo", MapExtent.Photo));
        var command = new System.CommandLine.Command("evaluate", "Measure one method's maps, or maps from files of another program.") { method, maps, extent };
        measuring.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            string? folder = parsed.GetValue(maps);
            if (folder is not null && parsed.GetValue(method) is not null)
            {
                throw new UsageException("--maps and --method both say where maps come from. Give one of them.");
            }

            if (folder is not null && !Directory.Exists(folder))
            {
                throw new UsageException($"--maps {folder}: there is no such folder.");
            }

            MapSource source = folder is not null
                ? new FileSource(new DirectoryInfo(folder).Name, folder)
                : new MethodSource(parsed.GetValue(method) ?? SaliencyMethod.AbsCam);
            using ImageNetwork network = measuring.Open(parsed);
            ComparisonSettings settings = measuring.Settings(parsed, network, [source]) with { MapExtent = parsed.GetValue(extent) ?? MapExtent.Input };
            settings = settings with { Identity = new Dictionary<string, string>(settings.Identity) { ["maps"] = $"{folder} {settings.MapExtent}" } };
            return Task.FromResult(MeasureCommand.Run(settings, parsed.GetValue(measuring.Quiet), cancellation));
        });
        return command;
    }
}
