using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>The native library that TorchSharp computes with, which is the application's choice and can be forgotten.</summary>
internal static class LibTorch
{
    private const string Otherwise = "A model file with its explanation baked in ('abscam bake') is explained without it.";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>The package of this platform; null where there is none.</summary>
    private static string? Package => (RuntimeInformation.OSArchitecture, OperatingSystem.IsLinux(), OperatingSystem.IsWindows(), OperatingSystem.IsMacOS()) switch
    {
        (Architecture.X64, true, _, _) => "libtorch-cpu-linux-x64",
        (Architecture.X64, _, true, _) => "libtorch-cpu-win-x64",
        (Architecture.Arm64, _, _, true) => "libtorch-cpu-osx-arm64",
        _ => null,
    };

    private static string Version => typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "libtorch").Value!;

    /// <summary>The CPU, for fields: the first mention of TorchSharp's own looks for libtorch.</summary>
    /// <exception cref="LibTorchNotFoundException">It is not there, or cannot be loaded.</exception>
    public static torch.Device Cpu
    {
        get
        {
            Require();
            return torch.CPU;
        }
    }

    /// <summary>To be called before the first tensor: TorchSharp's own words for its absence are a page inside a <see cref="TypeInitializationException"/>.</summary>
    /// <exception cref="LibTorchNotFoundException">It is not there, or cannot be loaded.</exception>
    public static void Require() => _ = Loaded.Value;

    private static bool Load()
    {
        bool isHere = NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
        if (!isHere && !IsInCache())
        {
            throw new LibTorchNotFoundException(Package is { } package
                ? $"libtorch, the native library that TorchSharp computes with, is not in this application: add <PackageReference Include=\"{package}\" Version=\"{Version}\" /> to its project, or a libtorch-cuda package of that version for a GPU. {Otherwise}"
                : $"libtorch, the native library that TorchSharp computes with, is not in this application, and TorchSharp has no package of it for {RuntimeInformation.RuntimeIdentifier}; there are some for linux-x64, win-x64 and osx-arm64. {Otherwise}");
        }

        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
            return true;
        }
        catch (TypeInitializationException failure)
        {
            throw new LibTorchNotFoundException(
                $"TorchSharp's native libraries {(isHere ? "are in this application and" : "were taken from NuGet's cache and")} cannot be loaded: {WhyNot()} Reference libtorch {Version} for {RuntimeInformation.RuntimeIdentifier}; on Linux with a C++ library older than GCC 13's, build the application on that system.",
                failure);
        }
    }

    // Scripts and notebooks have no folder of their own, and TorchSharp looks there for them.
    private static bool IsInCache()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Package is { } package && Directory.Exists(Path.Combine(cache, package, Version));
    }

    private static string WhyNot()
    {
        try
        {
            _ = NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return "the reason is in the inner exception.";
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            return failure.Message.Split('\n', 2)[0].TrimEnd();
        }
    }
}
