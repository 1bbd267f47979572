using System.Diagnostics;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What the process holds, to see a leak from outside.</summary>
internal sealed record ServiceStatus(long Explained, long LiveTensors, long ResidentBytes, long ManagedBytes, int Handles, int Threads)
{
    public static ServiceStatus Now(EnginePool pool)
    {
        using var process = Process.GetCurrentProcess();
        return new ServiceStatus(pool.Explained, torch.Tensor.TotalCount, process.WorkingSet64, GC.GetTotalMemory(forceFullCollection: false), process.HandleCount, process.Threads.Count);
    }
}
