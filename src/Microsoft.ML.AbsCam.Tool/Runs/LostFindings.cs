using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>An audit writes its findings into the page itself; a page that is written anew, with no audit behind it, has lost those of an earlier one.</summary>
internal static class LostFindings
{
    /// <param name="folder">Where a page was written.</param>
    /// <param name="log">Who is told.</param>
    public static void Tell(OutputFolder folder, IRunLog log)
    {
        if (File.Exists(Path.Combine(folder.Path, ResultNames.Findings)))
        {
            log.Line($"the page is written anew, without what an earlier audit found, which stays in '{ResultNames.Findings}': 'abscam audit' with --overwrite puts findings into the page again");
        }
    }
}
