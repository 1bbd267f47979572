using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam demo: the embedded network explains pictures drawn on the spot, with no download.</summary>
internal static class DemoCommand
{
    public static System.CommandLine.Command Create()
    {
        Option<string> output = CommonOptions.Output("abscam-demo");
        var command = new System.CommandLine.Command("demo", "Explain pictures with an embedded network; nothing is downloaded.") { output };
        command.SetAction(_ => ExitCodes.WrongUsage);
        return command;
    }
}
