using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>How far a run is, in words: how many, how fast, how long yet, and what is under way.</summary>
/// <param name="Unit">What is counted, in the singular.</param>
/// <param name="Before">How many an earlier process did.</param>
/// <param name="Done">How many are done in all.</param>
/// <param name="Total">How many there are.</param>
internal sealed record ProgressText(string Unit, int Before, int Done, int Total)
{
    /// <summary>How many are under way at once.</summary>
    public int Together { get; init; } = 1;

    /// <summary>Masked images of what is under way that were run.</summary>
    public int Masks { get; init; }

    /// <summary>How many of them there are; 0 where it is not known.</summary>
    public int MasksToRun { get; init; }

    /// <summary>What is under way, where it has a name.</summary>
    public string? UnderWay { get; init; }

    /// <summary>What is done, with the share of what is under way.</summary>
    public double Exactly => Math.Min(Done + (MasksToRun > Masks ? (double)Math.Min(Together, Total - Done) * Masks / MasksToRun : 0), Total);

    /// <param name="time">How long this process has been at it.</param>
    public string After(TimeSpan time)
    {
        double here = Exactly - Before;
        double rate = here / Math.Max(time.TotalSeconds, 1e-3);
        string speed = here <= 0 ? "" : rate >= 1
            ? string.Create(CultureInfo.InvariantCulture, $", {rate:0.0} {Unit}s/s")
            : string.Create(CultureInfo.InvariantCulture, $", {1 / rate:0.0} s {(Unit.StartsWith('i') ? "an" : "a")} {Unit}");
        string left = here <= 0 ? "" : $", {Rounded((Total - Exactly) / rate):c} left";
        string masks = MasksToRun > Masks ? string.Create(CultureInfo.InvariantCulture, $"; masks {Masks} of {MasksToRun}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Done} of {Total} {Unit}s{speed}{left}{masks}{(UnderWay is null ? "" : $"; {UnderWay}")}");
    }

    // A rate of the first moment can ask for more time than there is.
    private static TimeSpan Rounded(double seconds) => TimeSpan.FromSeconds(Math.Round(Math.Min(seconds, 1e9)));
}
