using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Tensors;

/// <summary>A thread for libtorch alone, and nobody else's work the slower for it.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SoloThreadTests
{
    [TestMethod]
    public void There_libtorch_works_alone_and_elsewhere_as_before()
    {
        // More than one, whatever the tests are run with.
        int before = get_num_threads();
        set_num_threads(before + 1);
        int usual = get_num_threads();
        int there = SoloThread.Run(get_num_threads);
        int elsewhere = 0;
        var other = new Thread(() => elsewhere = get_num_threads());
        other.Start();
        other.Join();
        int afterwards = get_num_threads();
        set_num_threads(before);
        Assert.AreEqual(before + 1, usual);
        Assert.AreEqual(1, there);
        Assert.AreEqual(usual, afterwards);
        Assert.AreEqual(usual, elsewhere);
    }

    [TestMethod]
    public void An_exception_comes_to_the_one_who_asked_and_the_next_is_served()
    {
        FormatException thrown = Assert.ThrowsExactly<FormatException>(() => SoloThread.Run<int>(() => throw new FormatException("from there")));
        Assert.AreEqual("from there", thrown.Message);
        Assert.AreEqual(7, SoloThread.Run(() => 7));
    }

    [TestMethod]
    public void Who_comes_at_once_does_not_wait_for_each_other()
    {
        const int Together = 4;
        using var all = new Barrier(Together);
        int[] results = new int[Together];
        Thread[] threads = [.. Enumerable.Range(0, Together).Select(i => new Thread(() => results[i] = SoloThread.Run(() =>
        {
            // Nobody passes before all are there.
            all.SignalAndWait();
            return i + 1;
        })))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.AreEqual("1 2 3 4", string.Join(' ', results));
    }
}
