using System.Collections;
using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tests.Tool.Compare;

/// <summary>A comparison's folder is its own until the last table is written.</summary>
[TestClass]
public class ComparisonLockTests : CommandTest
{
    [TestMethod]
    public void Tables_and_page_are_written_while_the_folder_is_locked()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Model());
        var facts = new Watched(Output);
        var settings = new ComparisonSettings
        {
            Files = [new InputFile(Spot("photos/a.png"), "a.png", "a")],
            Network = network,
            Output = Output,
            Sources = [new MethodSource(SaliencyMethod.GradCam)],
            Measures = [SaliencyMeasure.All().First(measure => measure.Name == "drop")],
            Options = new AbsCamOptions(),
            Identity = new Dictionary<string, string>(),
            Facts = facts,
        };
        Assert.IsNotNull(new ComparisonRun(settings, new Silent()).Run(CancellationToken.None));
        Assert.IsTrue(facts.WasLocked, "the page's header is written under the lock");
        Assert.IsTrue(File.Exists(At("out", "comparison.csv")) && File.Exists(At("out", "index.html")));
        using var free = new FolderLock(Output);
    }

    /// <summary>The lines of a page's header, which look for the lock when they are written.</summary>
    private sealed class Watched(string folder) : IReadOnlyList<(string Name, string Value)>
    {
        public bool WasLocked { get; private set; }

        public int Count => 1;

        public (string Name, string Value) this[int index] => ("Watched", "yes");

        public IEnumerator<(string Name, string Value)> GetEnumerator()
        {
            try
            {
                using var taken = new FolderLock(folder);
            }
            catch (UsageException)
            {
                WasLocked = true;
            }

            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Silent : IRunLog
    {
        public void Line(string text)
        {
        }

        public void Trouble(string text)
        {
        }

        public void Begin(string unit, int done, int total, int together)
        {
        }

        public void Progress(int done, string? underWay = null)
        {
        }

        public void Masks(int done, int total)
        {
        }
    }
}
