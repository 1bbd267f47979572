using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The command abscam: its sub-commands, and what every one of them does with errors.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Asks a convolutional network why: photos in, saliency maps and a report out (Abs-CAM, arXiv 2207.03648).")
        {
            DemoCommand.Create(),
            ExplainCommand.Create(),
            LayersCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await Console.Error.WriteLineAsync($"abscam: {message}").ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"See 'abscam {string.Join(' ', Path(parsed.CommandResult.Command))} --help'.".Replace("abscam  ", "abscam ", StringComparison.Ordinal)).ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }

        try
        {
            // A batch that is under way when Ctrl-C comes is finished and written.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) };
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is UsageException or NetworkLoadException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // An argument's name is ours, not the user's.
            string message = e is ArgumentException { ParamName: string name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
            await Console.Error.WriteLineAsync($"abscam: {message}").ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }
    }

    private static IEnumerable<string> Path(System.CommandLine.Command command) => command is RootCommand ? [] : [command.Name];
}
