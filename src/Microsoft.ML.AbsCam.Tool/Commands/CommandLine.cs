using System.CommandLine;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The command abscam: its sub-commands, and what every one of them does with errors.</summary>
internal static class CommandLine
{
    // A word that begins with @ names a CSV file here; the parser would read the file as more of the command line.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Asks a convolutional network why: photos in, saliency maps and a report out (Abs-CAM, arXiv 2207.03648).")
        {
            DemoCommand.Create(),
            ExplainCommand.Create(),
            MergeCommand.Create(),
            CompareCommand.Create(),
            EvaluateCommand.Create(),
            LayersCommand.Create(),
        };
        ParseResult parsed = root.Parse(args, Parsing);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await SayAsync(message).ConfigureAwait(false);
            }

            string command = parsed.CommandResult.Command is RootCommand ? "abscam" : $"abscam {parsed.CommandResult.Command.Name}";
            await Console.Error.WriteLineAsync($"See '{command} --help'.").ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }

        using var interruption = new Interruption();
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            int exitCode = await parsed.InvokeAsync(configuration, interruption.Token).ConfigureAwait(false);
            return exitCode == ExitCodes.Interrupted ? interruption.ExitCode : exitCode;
        }
        catch (OperationCanceledException)
        {
            return interruption.ExitCode;
        }
        catch (Exception e) when (e is UsageException or NetworkLoadException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // An argument's name is ours, not the user's.
            string message = e is ArgumentException { ParamName: string name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
            await SayAsync(message).ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }
        catch (Exception e)
        {
            // A library that cannot be loaded is wrapped in exceptions that say nothing.
            Exception cause = e.GetBaseException();
            await SayAsync($"something unforeseen happened ({cause.GetType().Name}: {FirstLine(cause.Message)}) Please report it, with the command that you gave.").ConfigureAwait(false);
            return ExitCodes.SomeFailed;
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync($"abscam: {FirstLine(message)}");

    private static string FirstLine(string message) => message.Trim().Split('\n')[0].TrimEnd();
}
