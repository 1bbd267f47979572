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
    public T Follow<T>(Func<T> work)
    {
        if (isQuiet || !AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            return work();
        }

        return AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .Start(context =>
            {
                _bar = context.AddTask("explaining");
                try
                {
                    return work();
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
            AnsiConsole.Console.WriteLine(text);
        }
        else if (!isQuiet)
        {
            Console.WriteLine(text);
        }
    }

    public void Trouble(string text) => Console.Error.WriteLine($"abscam: {text}");

    public void Progress(int done, int total)
    {
        double rate = done / Math.Max(_watch.Elapsed.TotalSeconds, 1e-3);
        if (_bar is not null)
        {
            _bar.MaxValue = total;
            _bar.Value = done;
            _bar.Description = string.Create(CultureInfo.InvariantCulture, $"{done} of {total}, {rate:0.0} images/s");
        }
        else if (!isQuiet && _watch.Elapsed >= _next)
        {
            _next = _watch.Elapsed + Pause;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} images, {rate:0.0} images/s, {(total - done) / rate:0} s left"));
        }
    }
}
