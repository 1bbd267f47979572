using System.CommandLine;
using System.CommandLine.Invocation;
using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>The command abscam: its sub-commands, and what every one of them does with errors.</summary>
internal static class AbscamCommand
{
    // A word that begins with @ names a CSV file here; the parser would read the file as more of the command line.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Asks an image network why: photos in, saliency maps and a report out (Abs-CAM, arXiv 2207.03648).")
        {
            DemoCommand.Create(),
            ExplainCommand.Create(),
            MergeCommand.Create(),
            CompareCommand.Create(),
            EvaluateCommand.Create(),
            AuditCommand.Create(),
            DiffCommand.Create(),
            LayersCommand.Create(),
            BakeCommand.Create(),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        ParseResult parsed = root.Parse(args, Parsing);
        string[] wrong = [.. UsageErrors.Of(parsed)];
        if (wrong.Length > 0)
        {
            foreach (string message in wrong)
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
        catch (Exception e) when (e is UsageException or NetworkLoadException or IOException or UnauthorizedAccessException || IsRefusal(e))
        {
            // An argument's name is ours, not the user's.
            string message = e is ArgumentException { ParamName: string name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
            await SayAsync(e is UsageException ? message : FirstLine(message)).ConfigureAwait(false);
            return ExitCodes.WrongUsage;
        }
        catch (Exception e)
        {
            // A library that cannot be loaded is wrapped in exceptions that say nothing.
            Exception cause = e.GetBaseException();
            await SayAsync($"something unforeseen happened ({cause.GetType().Name}: {FirstLine(cause.Message)}) Please report it, with the command that you gave.").ConfigureAwait(false);
            return ExitCodes.Unforeseen;
        }
    }

    /// <summary>What pages say, too.</summary>
    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override int Invoke(ParseResult parseResult)
        {
            Console.WriteLine(ProgramVersion.Text);
            return ExitCodes.AllExplained;
        }
    }

    /// <summary>Whether the library refuses an option. An argument that somebody else refuses is a fault of ours.</summary>
    private static bool IsRefusal(Exception e)
    {
        Assembly?[] frames = [.. new StackTrace(e).GetFrames().Select(frame => frame.GetMethod()?.DeclaringType?.Assembly)];
        Assembly[] ours = [typeof(AbsCamOptions).Assembly, typeof(OnnxImportLimits).Assembly, typeof(AbscamCommand).Assembly];
        return e switch
        {
            ArgumentNullException => false,
            ArgumentException => ours.Contains(Array.Find(frames, assembly => assembly != typeof(object).Assembly)),

            // An engine or a device that cannot be had. What the framework throws by itself is a fault of ours.
            InvalidOperationException when e.GetType() == typeof(InvalidOperationException) => ours.Contains(frames.FirstOrDefault()),
            _ => false,
        };
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync($"abscam: {TerminalText.Escaped(message.Trim())}");

    // What others throw may go on for lines; names in our own messages may hold line feeds, which are shown.
    private static string FirstLine(string message) => message.Trim().Split('\n')[0].TrimEnd();
}
