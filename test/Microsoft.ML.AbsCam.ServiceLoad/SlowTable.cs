using System.Globalization;

namespace Microsoft.ML.AbsCam.ServiceLoad;

/// <summary>How long ordinary requests take beside slow senders, against how long they take without.</summary>
internal static class SlowTable
{
    public static async Task<int> RunAsync(byte[][] photos, int requests, int clients, int senders, string method)
    {
        using ServiceProcess service = await ServiceProcess.StartAsync([$"--Explain:Method={method}"], null);
        await new LoadRun(service.Http, photos).SendAsync(clients * 2, clients);
        Console.WriteLine("| slow senders | requests | errors | turned away | p50 ms | p95 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        (double before, int errors) = await MeasureAsync(service, photos, requests, clients, "none");
        double beside;
        int begun, cutOff;
        await using (var slow = new SlowSenders(service.Http.BaseAddress!, senders))
        {
            while (slow.Begun < senders)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }

            (beside, int besideErrors) = await MeasureAsync(service, photos, requests, clients, senders.ToString(CultureInfo.InvariantCulture));
            errors += besideErrors;
            (begun, cutOff) = (slow.Begun, slow.CutOff);
        }

        (double after, int afterErrors) = await MeasureAsync(service, photos, requests, clients, "none again");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"p95 beside {senders} slow senders: {beside / before:0.00} x that before, {beside / after:0.00} x that after; {begun} slow photos begun, {cutOff} cut off"));
        return errors + afterErrors == 0 ? 0 : 1;
    }

    private static async Task<(double P95, int Errors)> MeasureAsync(ServiceProcess service, byte[][] photos, int requests, int clients, string what)
    {
        var run = new LoadRun(service.Http, photos);
        await run.SendAsync(requests, clients);
        double[] times = run.Milliseconds;
        double p95 = Percentiles.Of(times, 95);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {times.Length} | {run.Errors.Count} | {run.TurnedAway} | {Percentiles.Of(times, 50):0} | {p95:0} | {Percentiles.Of(times, 99):0} |"));
        return (p95, run.Errors.Count);
    }
}
