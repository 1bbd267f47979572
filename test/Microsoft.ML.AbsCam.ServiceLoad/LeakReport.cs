using System.Globalization;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>A long run, and what the service holds after each fifth of it.</summary>
internal static class LeakReport
{
    private const int Parts = 5;
    private const double MiB = 1 << 20;

    /// <returns>0 where every request was answered as it should be, else 1.</returns>
    public static async Task<int> RunAsync(byte[][] photos, int requests, int clients, string[] settings, int? threads)
    {
        using ServiceProcess service = await ServiceProcess.StartAsync(settings, threads);
        var run = new LoadRun(service.Http, photos);
        int part = Math.Max(1, requests / Parts);
        var states = new List<Status>();
        Print($"before: {Text(await service.StatusAsync())}");
        await run.SendAsync(requests, clients, async answered =>
        {
            if (answered % part == 0)
            {
                Status state = await service.StatusAsync();
                lock (states)
                {
                    states.Add(state);
                }

                Print($"after {answered,5}: {Text(state)}");
            }
        });

        double[] times = run.Milliseconds;
        Print($"{times.Length} answered, {run.Errors.Count} errors, {run.TurnedAway} turned away; {requests / run.Elapsed.TotalSeconds:0.0} requests a second");
        Print($"latency: p50 {Percentiles.Of(times, 50):0} ms, p95 {Percentiles.Of(times, 95):0} ms, p99 {Percentiles.Of(times, 99):0} ms, longest {Percentiles.Of(times, 100):0} ms");
        Print($"resident memory from {part} to {part * Parts} requests: {100.0 * (states[^1].ResidentBytes - states[0].ResidentBytes) / states[0].ResidentBytes:+0.0;-0.0} %");
        foreach (string error in run.Errors.Take(10))
        {
            Print($"error: {error}");
        }

        return run.Errors.Count == 0 ? 0 : 1;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Text(Status state) => string.Create(CultureInfo.InvariantCulture,
        $"{state.ResidentBytes / MiB,7:0.0} MiB resident, {state.ManagedBytes / MiB,6:0.0} MiB managed, {state.LiveTensors} live tensors, {state.Handles} handles, {state.Threads} threads");
}
