using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What a run has come to.</summary>
internal sealed class RunSummary
{
    public int Images { get; set; }

    public int Explained { get; set; }

    public int Failed => Images - Explained;

    public int Maps { get; set; }

    public long Forwards { get; set; }

    public int WithTruth { get; set; }

    public int Right { get; set; }

    public int WithObject { get; set; }

    public int OnObject { get; set; }

    public bool WasInterrupted { get; set; }

    public TimeSpan Time { get; set; }

    public IEnumerable<string> Lines()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"explained {Explained} of {Images} images, {Maps} maps, in {Time.TotalSeconds:0.0} s ({Images / Math.Max(Time.TotalSeconds, 1e-3):0.0} images/s, {Forwards} forwards)");
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
