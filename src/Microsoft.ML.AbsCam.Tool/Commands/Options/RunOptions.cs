using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>Options that say where results go and how a run goes about it. Results do not depend on them.</summary>
internal static class RunOptions
{
    /// <summary>The photos, which stand on the command line without a name.</summary>
    public static Argument<string[]> Images(string more = "") => new("IMAGE|DIR|GLOB")
    {
        Description = $"Photos (JPEG, PNG, WebP, GIF, BMP), folders of them, or patterns{more}.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <param name="why">What it is good for.</param>
    public static Option<string> TruthSyntax(string why) => OptionSyntax.Text(
        "--truth", "folder|@FILE.csv", $"What the pictures show, {why}: the name of the folder they are in, or a CSV file with the columns image and target.");

    public static ICommandOption<ExplanationRequest> Output(string folder) => new CommandOption<ExplanationRequest, string>(
        OptionSyntax.Text(["--output", "-o"], "DIR", "The folder for the results.", folder),
        (request, path) => request.Output = path);

    public static ICommandOption<ExplanationRequest> Resume() => new CommandOption<ExplanationRequest, bool>(
        OptionSyntax.Flag("--resume", "Go on where an earlier run into the same folder ended, however it ended; what is done is verified and kept. Without such a run, begin one."),
        (request, isGiven) => request.Resume = isGiven);

    public static ICommandOption<ExplanationRequest> Overwrite() => new CommandOption<ExplanationRequest, bool>(
        OptionSyntax.Flag("--overwrite", "Take away what an earlier run left in the folder, and begin anew."),
        (request, isGiven) => request.Overwrite = isGiven);

    public static ICommandOption<ExplanationRequest> Quiet() => new CommandOption<ExplanationRequest, bool>(QuietSyntax(), (request, isGiven) => request.IsQuiet = isGiven);

    /// <summary>As it is written where nothing is explained, too.</summary>
    public static Option<bool> QuietSyntax() => new("--quiet", "-q") { Description = "Print nothing but errors." };
}
