using System.Globalization;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>The same load on services that differ in the pool's size, the copies of the network and the threads of a pass.</summary>
internal static class PoolTable
{
    private static readonly (int Pool, int Networks, int Threads)[] Settings =
        [(1, 1, 2), (2, 1, 2), (4, 1, 2), (8, 1, 2), (1, 1, 1), (2, 1, 1), (2, 2, 1), (2, 2, 2)];

    public static async Task<int> RunAsync(byte[][] photos, int requests, int clients, string method)
    {
        Console.WriteLine("| engines | networks | OMP_NUM_THREADS | requests a second | p50 ms | p95 ms | p99 ms | resident MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        int errors = 0;
        foreach ((int pool, int networks, int threads) in Settings)
        {
            using ServiceProcess service = await ServiceProcess.StartAsync([$"--Explain:PoolSize={pool}", $"--Explain:Networks={networks}", $"--Explain:Method={method}"], threads);
            await new LoadRun(service.Http, photos).SendAsync(clients * 2, clients);
            var run = new LoadRun(service.Http, photos);
            await run.SendAsync(requests, clients);
            Status state = await service.StatusAsync();
            double[] times = run.Milliseconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {pool} | {networks} | {threads} | {requests / run.Elapsed.TotalSeconds:0.0} | {Percentiles.Of(times, 50):0} | {Percentiles.Of(times, 95):0} | {Percentiles.Of(times, 99):0} | {state.ResidentBytes >> 20} |"));
            errors += run.Errors.Count;
        }

        return errors == 0 ? 0 : 1;
    }
}
