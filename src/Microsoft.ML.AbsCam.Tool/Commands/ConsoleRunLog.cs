using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Runs;
using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>A live bar with rate and time left on a terminal; a plain line now and then in a pipe; trouble always, on the error stream.</summary>
internal sealed class ConsoleRunLog(bool isQuiet) : IRunLog
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _next = Pause;
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
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
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
        text = $"abscam: {text}";
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

    public void Progress(int done, int total)
    {
        double rate = done / Math.Max(_watch.Elapsed.TotalSeconds, 1e-3);
        string left = $"{TimeSpan.FromSeconds(Math.Round((total - done) / rate)):c} left";
        string text = string.Create(CultureInfo.InvariantCulture, $"{done} of {total} images, {rate:0.0} images/s, {left}");
        if (_bar is not null)
        {
            _bar.MaxValue = total;
            _bar.Value = done;
            _bar.Description = text;
        }
        else if (!isQuiet && _watch.Elapsed >= _next)
        {
            _next = _watch.Elapsed + Pause;
            Console.WriteLine(text);
        }
    }

    // The bar is written over, not erased, so a line has to reach as far as it did.
    private static void WriteAboveBar(string text)
    {
        int width = Math.Max(AnsiConsole.Profile.Width - 1, 1);
        AnsiConsole.Console.WriteLine(string.Join('\n', WrappedText.Lines(text, width).Select(line => line.PadRight(width))));
    }
}
