using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What a run has come to.</summary>
internal sealed class RunSummary
{
    public int Images { get; private set; }

    public int Explained { get; private set; }

    public int Failed => Images - Explained;

    public int Maps { get; private set; }

    public long Forwards { get; private set; }

    public int WithTruth { get; private set; }

    public int Right { get; private set; }

    public int WithObject { get; private set; }

    public int OnObject { get; private set; }

    /// <summary>Images that were done before this process began.</summary>
    public int Before { get; set; }

    public bool WasInterrupted { get; set; }

    /// <summary>Whether all was done, and nothing was computed or verified.</summary>
    public bool WasDone { get; set; }

    /// <summary>How long this process took.</summary>
    public TimeSpan Time { get; set; }

    public void Add(JournalRow row)
    {
        Images++;
        Explained += row.IsExplained ? 1 : 0;
        Forwards += row.Forwards;
        foreach (JournalTarget target in row.Targets)
        {
            Maps += target.Status == nameof(MapStatus.Ok) ? 1 : 0;
            WithTruth += target.Right is null ? 0 : 1;
            Right += target.Right == true ? 1 : 0;
            WithObject += target.Hit is null ? 0 : 1;
            OnObject += target.Hit == true ? 1 : 0;
        }
    }

    public IEnumerable<string> Lines()
    {
        string before = Before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {Before} of them before");
        yield return string.Create(CultureInfo.InvariantCulture, $"explained {Explained} of {Images} images, {Maps} maps{before}, in {Time.TotalSeconds:0.0} s ({(Images - Before) / Math.Max(Time.TotalSeconds, 1e-3):0.0} images/s, {Forwards} forwards)");
        if (WithTruth > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"top-1: {Right} of {WithTruth} right ({100.0 * Right / WithTruth:0.0} %)");
        }

        if (WithObject > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"pointing: the map is highest on the object in {OnObject} of {WithObject} pictures ({100.0 * OnObject / WithObject:0.0} %)");
        }
    }
}
