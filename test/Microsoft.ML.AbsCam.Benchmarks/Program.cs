using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Benchmarks;

// "ratios" prints what explaining costs in bare forward passes, "parquet" what a row costs in a Parquet file. "memory initial" and "memory final" print the process's resident memory along a thousand rows.
// "photos" prints what decoding large photos at a reduced scale saves and changes, "photos 10" of ten of them. Anything else goes to BenchmarkDotNet.
if (args is ["memory", var phase])
{
    MemoryTrace.Print(Enum.Parse<SaliencyPhase>(phase, ignoreCase: true));
    return;
}

if (args is ["ratios"])
{
    CostRatios.Print();
    return;
}

if (args is ["photos", .. var rest])
{
    ReducedDecoding.Print(rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 6);
    return;
}

if (args is ["parquet"])
{
    ParquetSizes.Print();
    return;
}

// In process: a generated project would not get the copy of the native library that loads on older Linux.
IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(MemoryTrace).Assembly).Run(args, config);
