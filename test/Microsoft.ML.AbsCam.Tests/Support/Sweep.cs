namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>How much of a sweep is run: what each change has to pass, or all of it where the variable ABSCAM_LONG is set to 1.</summary>
internal static class Sweep
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ABSCAM_LONG") == "1";

    /// <param name="usual">Enough to see that the sentence holds.</param>
    /// <param name="all">What is worth waiting for now and then.</param>
    public static int Of(int usual, int all) => IsLong ? all : usual;
}
