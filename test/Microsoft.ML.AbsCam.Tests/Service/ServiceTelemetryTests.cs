using System.Diagnostics;
using System.Net;
using Microsoft.ML.AbsCam.Samples.Service;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tests.Telemetry;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>What the service tells of photos and places is what there is.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ServiceTelemetryTests
{
    [TestMethod]
    public async Task Places_and_phases_are_told_as_they_are()
    {
        using var heard = new Heard(ServiceTelemetry.Name, ServiceTelemetry.Name);
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllBytesAsync(file.Path, TinyNetwork.Rectified.ToOnnx());
        await using RunningService service = await RunningService.StartAsync($"--Explain:Model={file.Path}", "--Explain:PoolSize=2");
        Assert.AreEqual((0, 0, 2), Places(heard));

        TaskCompletionSource[] held = [await service.HoldEngineAsync(), await service.HoldEngineAsync()];
        Task<HttpResponseMessage> waiting = Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]));
        await service.WaitForQueueAsync(1);
        using RawRequest slow = await RawRequest.PostAsync(service.Address, "Content-Type: image/png\r\nContent-Length: 10", "begun");
        await service.WaitForBytesAsync(5);
        Assert.AreEqual((1, 1, 0), Places(heard));
        Assert.AreEqual(5, heard.Of("abscam.service.uploads.size").Last());

        Array.ForEach(held, engine => engine.SetResult());
        Assert.AreEqual(HttpStatusCode.OK, (await waiting).StatusCode);
        Assert.HasCount(1, heard.Of("abscam.service.phase.duration", "abscam.service.phase=upload"));
        Assert.HasCount(3, heard.Of("abscam.service.phase.duration", "abscam.service.phase=wait"));
        CollectionAssert.IsSubsetOf((string[])["photo.upload", "photo.wait", "photo.explain"], heard.Activities.Select(activity => activity.OperationName).Distinct().ToArray());
    }

    [TestMethod]
    public async Task A_photos_way_and_its_explanation_are_one_trace()
    {
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllBytesAsync(file.Path, TinyNetwork.Rectified.ToOnnx());
        await using RunningService service = await RunningService.StartAsync($"--Explain:Model={file.Path}");
        List<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or ServiceTelemetry.Name or AbsCamTelemetry.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                {
                    ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using HttpResponseMessage answer = await Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]));
        await RunningService.WaitAsync(() =>
        {
            lock (ended)
            {
                return ended.Any(activity => activity.Source.Name == "Microsoft.AspNetCore");
            }
        });
        Activity request = ended.Single(activity => activity.Source.Name == "Microsoft.AspNetCore");
        Activity photo = ended.Single(activity => activity.OperationName == "photo.explain");
        Activity explain = ended.Single(activity => activity.OperationName == "abscam.explain");
        Assert.AreEqual((request.SpanId, photo.SpanId), (photo.ParentSpanId, explain.ParentSpanId));
    }

    [TestMethod]
    public async Task The_console_shows_what_is_told_when_asked_to()
    {
        TextWriter console = Console.Out;
        using var written = new StringWriter();
        Console.SetOut(TextWriter.Synchronized(written));
        try
        {
            await using RunningService service = await RunningService.StartAsync("--Explain:Telemetry=console");
            using HttpResponseMessage answer = await Upload.PostAsync(service.Http, "/explain?map=false", Upload.Raw(Upload.Scenes[0]));
            await service.App.StopAsync();
        }
        finally
        {
            Console.SetOut(console);
        }

        foreach (string name in (string[])["abscam.forwards", "abscam.phase.duration", "abscam.service.queue", "http.server.request.duration", "abscam.explain", "photo.wait"])
        {
            StringAssert.Contains(written.ToString(), name);
        }
    }

    private static (double Uploads, double Queue, double Free) Places(Heard heard)
    {
        heard.Ask();
        return (heard.Of("abscam.service.uploads").Last(), heard.Of("abscam.service.queue").Last(), heard.Of("abscam.service.engines.free").Last());
    }
}
