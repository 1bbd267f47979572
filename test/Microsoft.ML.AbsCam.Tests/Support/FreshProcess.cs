using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// The test assembly as a program: it loads a saved pipeline, runs it over saved rows and prints the maps. Nothing of the
/// library is touched before ML.NET finds it by itself.
/// </summary>
internal static class FreshProcess
{
    private const string WithArchitecture = "--register-tiny-module";

    public static int Main(string[] args)
    {
        try
        {
            if (args.Contains(WithArchitecture))
            {
                RegisterTinyModule();
            }

            var context = new MLContext();
            ITransformer model = context.Model.Load(args[0], out _);
            foreach (VBuffer<float> map in model.Transform(context.Data.LoadFromBinary(args[1])).GetColumn<VBuffer<float>>(Explained.Map))
            {
                Console.WriteLine(Convert.ToBase64String(MemoryMarshal.AsBytes(map.DenseValues().ToArray().AsSpan())));
            }

            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    /// <summary>Starts this program anew.</summary>
    public static (float[][] Maps, string Error) Run(string modelFile, string rowsFile, bool registerTinyModule = false)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["exec", typeof(FreshProcess).Assembly.Location, modelFile, rowsFile, .. registerTinyModule ? [WithArchitecture] : Array.Empty<string>()])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        float[][] maps = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(line)).ToArray())];
        return (maps, error.Result);
    }

    // In a method of its own, so that the library is loaded only where it is called.
    private static void RegisterTinyModule() => NetworkArchitectures.Register(nameof(TinyModule), () => new TinyModule());
}
