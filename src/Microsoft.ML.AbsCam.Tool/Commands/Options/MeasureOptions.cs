using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>The options of 'compare' and 'evaluate', which differ in where maps come from.</summary>
internal static class MeasureOptions
{
    /// <param name="output">The folder for results where none is given.</param>
    /// <param name="own">The options that the command has for itself.</param>
    public static OptionTable<MeasureRequest> Table(string output, params IReadOnlyList<ICommandOption<MeasureRequest>> own) => new(
    [
        NetworkOptions.Model(),
        RunOptions.Output(output),
        .. own,
        .. MapOptions.All(),
        MapOptions.Target("predicted|CLASS|@FILE.csv|KIND:…", "What to explain: the predicted class, a class by name or index, or one a photo from a CSV file with the columns image and target; or contrast:, output:, region:, box: or similar:, as 'abscam explain --help' tells."),
        .. PreprocessingOptions.All(),
        MapOptions.Decode("Decode large JPEG photos at a fraction of their size, still at least twice what the network sees, as 'explain' does, or whole, as where objects are known. [default: whole]"),
        .. NetworkOptions.Opening(),
        .. Measures(),
        .. Objects(),
        .. Photos(),
        RunOptions.Resume(),
        RunOptions.Overwrite(),
        RunOptions.Quiet(),
    ]);

    private static ICommandOption<MeasureRequest>[] Measures() =>
    [
        new CommandOption<MeasureRequest, string>(
            OptionSyntax.Text("--measures", "NAME,NAME", $"The measures, or 'all': {string.Join(", ", MeasureChoice.Names)}. [default: all but {string.Join(", ", MeasureChoice.OnlyByName)}, and those of objects where they are known]"),
            (request, names) => request.MeasureNames = names)
        {
            InJournals = ("measures", request => string.Join("; ", request.Measures.Select(measure => measure.ToString()).Concat(request.AsksConsistency ? [MapConsistency.Name] : []))),
        },
        new CommandOption<MeasureRequest, PerturbationProtocol>(
            OptionSyntax.Choice("--protocol", "How Deletion and Insertion go about it. [default: rise]", [.. PerturbationProtocol.All.Select(protocol => (protocol.Name, protocol))]),
            (request, protocol) => request.Protocol = protocol),
        new CommandOption<MeasureRequest, int>(
            OptionSyntax.Number("--steps", "Steps of Deletion and Insertion. [default: the protocol's, 28 or 112]", 1, 1_000_000),
            (request, steps) => request.Steps = steps),
        new CommandOption<MeasureRequest, double>(
            OptionSyntax.Number("--pointing-tolerance", "How far beside the object the Pointing Game still counts, in pixels of the photo. [default: 15]", 0.0, 1e6, "a number of pixels from 0"),
            (request, pixels) => request.PointingTolerance = pixels),
    ];

    /// <summary>Where objects are.</summary>
    public static ICommandOption<MeasureRequest>[] Objects() =>
    [
        new CommandOption<MeasureRequest, string>(
            ObjectSyntax.Boxes(),
            (request, path) => request.BoxPath = path)
        {
            InJournals = ("objects", request => $"{request.BoxPath} {request.ObjectMaskPath} {request.TakesAnyClass} {request.Pixels}"),
        },
        new CommandOption<MeasureRequest, bool>(
            ObjectSyntax.AnyClass(),
            (request, isGiven) => request.TakesAnyClass = isGiven),
        new CommandOption<MeasureRequest, string>(
            ObjectSyntax.Masks(),
            (request, path) => request.ObjectMaskPath = path),
        new CommandOption<MeasureRequest, string>(FormerMasks(), SetFormerMasks),
        new CommandOption<MeasureRequest, AnnotatedPixels>(
            ObjectSyntax.Pixels(),
            (request, pixels) => request.Pixels = pixels),
    ];

    private static ICommandOption<MeasureRequest>[] Photos() =>
    [
        new CommandOption<MeasureRequest, int>(
            OptionSyntax.Number("--sample", "Take so many of the photos, drawn at random.", 1, int.MaxValue),
            (request, count) => request.Sample = count)
        {
            OnPages = ("Photos", request => request.Sample is null ? "all that were given" : string.Create(CultureInfo.InvariantCulture, $"{request.Files.Count} drawn at random, seed {request.Seed}")),
        },
        new CommandOption<MeasureRequest, int>(
            OptionSyntax.Number("--seed", "What the sample is drawn from. [default: 1]", 0, int.MaxValue),
            (request, seed) => request.Seed = seed),
        new CommandOption<MeasureRequest, int>(
            OptionSyntax.Number("--show", "How many photos the page shows. [default: 100]", 0, 10_000),
            (request, count) => request.Shown = count),
        new CommandOption<MeasureRequest, bool>(
            OptionSyntax.Flag("--intervals", "Print every mean with its 95 % interval, on as many lines as the terminal needs. They are in comparison.csv either way."),
            (request, isGiven) => request.ShowsIntervals = isGiven),
    ];

    private static Option<string> FormerMasks()
    {
        Option<string> option = OptionSyntax.Text("--masks", "DIR", "What --object-masks was called.");
        option.Hidden = true;
        return option;
    }

    private static void SetFormerMasks(MeasureRequest request, string path)
    {
        if (request.ObjectMaskPath is not null)
        {
            throw new UsageException("--masks is what --object-masks was called here. Give --object-masks alone.");
        }

        Console.Error.WriteLine("abscam: --masks is called --object-masks here now, since in 'explain' it chooses how phase 2 reads masks; it is taken as the folder of the objects' masks.");
        request.ObjectMaskPath = path;
    }
}
