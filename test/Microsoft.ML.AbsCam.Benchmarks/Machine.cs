using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>On what the figures were measured.</summary>
internal static class Machine
{
    /// <summary>The process's resident memory, in MiB.</summary>
    public static double Resident => Status("VmRSS:") ?? (Environment.WorkingSet / 1048576.0);

    /// <summary>The most that it ever was.</summary>
    public static double PeakResident
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return Status("VmHWM:") ?? (self.PeakWorkingSet64 / 1048576.0);
        }
    }

    /// <summary>Open files, pipes and sockets; -1 where the system does not tell.</summary>
    public static int Handles => Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : -1;

    public static void Print()
    {
        Markdown.Heading("Machine");
        Markdown.Header("what", "");
        Markdown.Row("processor", $"{Processor()}, {Environment.ProcessorCount} cores");
        Markdown.Row("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 20)} MiB");
        Markdown.Row("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        Markdown.Row("TorchSharp", $"{Version(typeof(torch))}, libtorch {torch.__version__}, {torch.get_num_threads()} threads");
        Markdown.Row("ONNX Runtime", OrtEnv.Instance().GetVersionString());
        Markdown.Row("ML.NET", Version(typeof(MLContext)));
        Markdown.Row("library", Version(typeof(AbsCamOptions)));
    }

    private static string Version(Type type)
        => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static string Processor()
        => File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(':')[1].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static double? Status(string field)
        => File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024
            : null;
}
