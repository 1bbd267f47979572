using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Benchmarks;
using Microsoft.ML.AbsCam.Benchmarks.Audits;

// Each verb prints a section of docs/understand/performance.md, which docs/performance.sh puts together, "parquet" what a row costs in a Parquet file.
// "photos" prints what decoding large photos at a reduced scale saves and changes, "photos 10" of ten of them, "import" what files that are
// made to cost a lot cost to open, "targets [SCENES [FILE.csv] [QUESTION …]]" how much of a map lies where it was asked about, FILE.csv being what "slow-truth FILE SCENES MASKS" wrote, "page [ROWS]" how long the report's and an audit's page of 100,000 rows take in a browser, "cold-start FOLDER FOLDER" what published commands in these folders cost for one photo. Anything else goes to BenchmarkDotNet.
switch (args)
{
    case ["cold-start", .. var folders]:
        ColdStart.Print(folders);
        break;
    case ["plain-row", var model, var photo, var labels]:
        PlainProgram.Run(model, photo, labels);
        break;
    case ["machine"]:
        Machine.Print();
        break;
    case ["ratios", .. var names]:
        CostRatios.Print(names);
        break;
    case ["apart-row", var file, var what]:
        ApartPasses.PrintRow(file, what);
        break;
    case ["bake", .. var methods]:
        BakeCost.Print(methods);
        break;
    case ["pipeline"]:
        PipelineCost.Print();
        break;
    case ["tolerance"]:
        ToleranceTable.Print();
        break;
    case ["peak"]:
        PeakMemory.Print();
        break;
    case ["peak-row", var network, var method]:
        PeakMemory.PrintRow(network, SaliencyMethod.Parse(method));
        break;
    case ["memory", var method]:
        MemoryTrace.Print(SaliencyMethod.Parse(method));
        break;
    case ["targets", .. var counts]:
        TargetTable.Print(
            counts is [var scenes, ..] ? int.Parse(scenes, CultureInfo.InvariantCulture) : 20,
            counts.FirstOrDefault(word => word.EndsWith(".csv", StringComparison.Ordinal)),
            [.. counts.Skip(1).Where(word => !word.EndsWith(".csv", StringComparison.Ordinal))]);
        break;
    case ["slow-truth", { } file, { } sceneCount, { } maskCount]:
        SlowTruth.Write(file, int.Parse(sceneCount, CultureInfo.InvariantCulture), int.Parse(maskCount, CultureInfo.InvariantCulture));
        break;
    case ["audit", var kept, .. var which]:
        AuditProof.Run(kept, AuditCase.All.Where(one => which.All(word => word switch
        {
            "set" => !one.IsReported,
            "reported" => one.IsReported,
            "even" => one.Number % 2 == 0,
            "odd" => one.Number % 2 == 1,
            "tell" or "train" or "objects" => true,
            _ => which.Contains(one.Number.ToString(CultureInfo.InvariantCulture)),
        })), knowsObjects: which.Contains("objects"), tells: which.Contains("tell"), onlyTrains: which.Contains("train"));
        break;
    case ["audit-page", var kept]:
        AuditPage.Print(kept);
        break;
    case ["audit-time", .. var most]:
        AuditTiming.Print(most is [var pictures] ? int.Parse(pictures, CultureInfo.InvariantCulture) : 10_000);
        break;
    case ["page", .. var pageRows]:
        await PagePaint.PrintAsync(pageRows is [var many] ? int.Parse(many, CultureInfo.InvariantCulture) : 100_000);
        break;
    case ["parquet"]:
        ParquetSizes.Print();
        break;
    case ["import"]:
        ImportCost.Print();
        break;
    case ["import-row", var model]:
        ImportCost.PrintRow(model);
        break;
    case ["photos", .. var rest]:
        ReducedDecoding.Print(rest is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 6);
        break;
    default:
        RunBenchmarks(args);
        break;
}

// Apart from the rest, which does not load BenchmarkDotNet.
static void RunBenchmarks(string[] args)
{
    // In process: a generated project would not get the copy of the native library that loads on older Linux.
    IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    BenchmarkSwitcher.FromAssembly(typeof(MemoryTrace).Assembly).Run(args, config);
}
