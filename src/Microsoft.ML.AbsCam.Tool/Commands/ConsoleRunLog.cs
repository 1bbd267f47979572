using System.Diagnostics;
using Microsoft.ML.AbsCam.Tool.Runs;
using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>A live bar with rate and time left on a terminal; a plain line now and then in a pipe; trouble always, on the error stream.</summary>
internal sealed class ConsoleRunLog(bool isQuiet) : IRunLog
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private const int BarWidth = 20;

    // The percentage, and spaces between.
    private const int Beside = 8;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Pause;
    private readonly Lock _telling = new();
    private ProgressText _progress = new("image", 0, 0, 0);
    private ProgressTask? _bar;

    /// <summary>Runs the work under a progress bar, where somebody can see one.</summary>
    public void Follow(Action work)
    {
        if (isQuiet || !AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            work();
            return;
        }

        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth }, new PercentageColumn())
            .Start(context =>
            {
                _bar = context.AddTask("explaining");
                try
                {
                    work();
                }
                finally
                {
                    _bar = null;
                }
            });
    }

    public void Line(string text)
    {
        text = TerminalText.Escaped(text);
        if (_bar is not null)
        {
            WriteAboveBar(text);
        }
        else if (!isQuiet)
        {
            Console.WriteLine(text);
        }
    }

    public void Trouble(string text)
    {
        text = $"abscam: {TerminalText.Escaped(text)}";
        if (_bar is not null && !Console.IsErrorRedirected)
        {
            // Both streams are the same terminal, and only the bar's own console knows how to write above it.
            WriteAboveBar(text);
        }
        else
        {
            Console.Error.WriteLine(text);
        }
    }

    public void Begin(string unit, int done, int total, int together)
    {
        _watch.Restart();
        _next = Pause;
        Tell(new ProgressText(unit, done, done, total) { Together = together });
    }

    public void Progress(int done, string? underWay = null)
    {
        // Rows of a batch are written while the next one is computed, and do not take it back.
        Tell(_progress with { Done = done, UnderWay = underWay });
    }

    public void Masks(int done, int total) => Tell(_progress with { Masks = done, MasksToRun = total });

    private void Tell(ProgressText progress)
    {
        lock (_telling)
        {
            _progress = progress;
            if (_bar is not null)
            {
                _bar.MaxValue = Math.Max(progress.Total, 1);
                _bar.Value = Math.Max(_bar.Value, progress.Exactly);
                _bar.Description = Markup.Escape(Fitting(TerminalText.Escaped(progress.After(_watch.Elapsed))));
            }
            else if (!isQuiet && _watch.Elapsed >= _next)
            {
                _next = _watch.Elapsed + Pause;
                Console.WriteLine(TerminalText.Escaped(progress.After(_watch.Elapsed)));
            }
        }
    }

    // A line that is broken would be written anew at every step.
    private static string Fitting(string text)
    {
        int room = Math.Max(AnsiConsole.Profile.Width - BarWidth - Beside, 20);
        return text.Length <= room ? text : string.Concat(text.AsSpan(0, room - 1), "\u2026");
    }

    // The bar is written over, not erased, so a line has to reach as far as it did.
    private static void WriteAboveBar(string text)
    {
        int width = Math.Max(AnsiConsole.Profile.Width - 1, 1);
        AnsiConsole.Console.WriteLine(string.Join('\n', WrappedText.Lines(text, width).Select(line => line.PadRight(width))));
    }
}
