using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>What the service's /status says.</summary>
internal sealed record Status(long Explained, long LiveTensors, long ResidentBytes, long ManagedBytes, int Handles, int Threads);

/// <summary>The service as a program of its own, on a free port of the loopback address.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address, Timeout = MostWait };
    }

    public HttpClient Http { get; }

    /// <param name="settings">The service's settings, for example <c>--Explain:PoolSize=2</c>.</param>
    /// <param name="nativeThreads">OMP_NUM_THREADS; null leaves it as it is.</param>
    public static async Task<ServiceProcess> StartAsync(IEnumerable<string> settings, int? nativeThreads)
    {
        string program = typeof(ServiceProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ServiceProgram").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks=None", .. settings])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        if (nativeThreads is int threads)
        {
            start.Environment["OMP_NUM_THREADS"] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var process = new Process { StartInfo = start };
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isError = false;
        process.OutputDataReceived += (_, output) =>
        {
            if (output.Data is null)
            {
                address.TrySetException(new InvalidOperationException("The service ended before it listened."));
            }
            else if (output.Data.IndexOf(Listening, StringComparison.Ordinal) is int at and >= 0)
            {
                address.TrySetResult(new Uri(output.Data[(at + Listening.Length)..].Trim()));
            }
            else
            {
                // What an error's answer keeps from strangers stands in the log; the lines of an entry are indented.
                isError = output.Data.StartsWith("fail:", StringComparison.Ordinal) || output.Data.StartsWith("crit:", StringComparison.Ordinal) || (isError && output.Data.StartsWith(' '));
                if (isError)
                {
                    Console.Error.WriteLine(output.Data);
                }
            }
        };
        process.Start();
        try
        {
            process.BeginOutputReadLine();
            var service = new ServiceProcess(process, await address.Task);
            await service.WaitUntilReadyAsync();
            return service;
        }
        catch
        {
            End(process);
            throw;
        }
    }

    public async Task<Status> StatusAsync() => (await Http.GetFromJsonAsync<Status>(new Uri("/status", UriKind.Relative)))!;

    public void Dispose()
    {
        Http.Dispose();
        End(_process);
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit();
        process.Dispose();
    }

    private async Task WaitUntilReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < MostWait && !_process.HasExited)
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        throw new TimeoutException("The service was not ready in time.");
    }
}
