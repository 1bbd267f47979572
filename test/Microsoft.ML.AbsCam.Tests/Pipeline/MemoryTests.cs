using System.Diagnostics;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Rows leave nothing behind.</summary>
[TestClass]
[TestCategory("Memory")]
[DoNotParallelize]
public sealed class MemoryTests
{
    private const int Rows = 1000;
    private const int Warm = 200;

    // A leaked batch of these photos with its masks is about 1 MB, and 800 rows are 200 batches.
    private const long TolerableGrowth = 24 << 20;

    // The test host's own files and pipes come and go; a handle a batch would be 200.
    private const int TolerableHandles = 20;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_thousand_rows_leave_no_tensor_no_memory_and_no_handle(bool asModule)
    {
        const int Side = 32;
        float[] image = OnnxModelBuilder.Numbers([3, Side, Side], 1);
        IDataView view = VectorRow.View(_context, Enumerable.Range(0, Rows).Select(_ => new VectorRow { Input = image }), 3, Side, Side);
        using var module = new TinyModule();
        using ImageNetwork network = asModule
            ? ImageNetwork.FromModule(module, "relu", Side, Side)
            : ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(side: Side));
        using AbsCamTransformer transformer = _context.Transforms
            .AbsCam(Explained.Map, "Input", network, new AbsCamOptions { BatchSize = 4, Columns = new() { Scores = "Scores", Status = "Status" } }).Fit(view);
        IDataView explained = transformer.Transform(view);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        ValueGetter<VBuffer<float>> scores = cursor.GetGetter<VBuffer<float>>(explained.Schema["Scores"]);
        VBuffer<float> values = default;
        long liveAtFirst = 0;
        long setAtFirst = 0;
        int handlesAtFirst = 0;
        for (int row = 1; cursor.MoveNext(); row++)
        {
            map(ref values);
            scores(ref values);
            if (row == Warm)
            {
                (setAtFirst, liveAtFirst, handlesAtFirst) = (WorkingSet(), Tensor.TotalCount, Handles());
            }
        }

        long growth = WorkingSet() - setAtFirst;
        Assert.IsLessThan(TolerableGrowth, growth);

        // Of all threads; what other tests left to the garbage collector may go meanwhile.
        Assert.IsLessThanOrEqualTo(liveAtFirst, Tensor.TotalCount, "live tensors");
        Assert.IsLessThanOrEqualTo(handlesAtFirst + TolerableHandles, Handles(), "handles");
    }

    private static int Handles()
    {
        using Process process = Process.GetCurrentProcess();
        return Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount;
    }

    private static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
