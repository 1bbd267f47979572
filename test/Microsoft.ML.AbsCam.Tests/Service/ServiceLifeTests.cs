using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.AbsCam.Samples.Service;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using PhotoRow = Microsoft.ML.AbsCam.Samples.Service.PhotoRow;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>The sample service from its start to its end, and when it is full.</summary>
[TestClass]
public sealed class ServiceLifeTests
{
    private const string OnePlace = "--Explain:PoolSize=1";
    private const string OneMayWait = "--Explain:QueueLength=1";

    [TestMethod]
    public async Task It_is_alive_at_once_and_ready_when_the_network_is()
    {
        await using RunningService service = await RunningService.StartUnreadyAsync();
        Assert.AreEqual(HttpStatusCode.OK, await Health(service, "live"));
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, await Health(service, "ready"));
        StringAssert.Contains(await Upload.RefusedAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]), 503), "still being loaded");
        service.Model.Load();
        Assert.AreEqual(HttpStatusCode.OK, await Health(service, "ready"));
        using HttpResponseMessage explained = await Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]));
        Assert.AreEqual(HttpStatusCode.OK, explained.StatusCode);
    }

    [TestMethod]
    public async Task Whoever_finds_no_place_is_told_when_to_come_again()
    {
        await using RunningService service = await RunningService.StartAsync(OnePlace, OneMayWait);
        TaskCompletionSource held = await service.HoldEngineAsync();
        (HttpResponseMessage refused, Task<HttpResponseMessage> waiting) = await FillAsync(service);
        Assert.AreEqual(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.IsGreaterThan(TimeSpan.Zero, refused.Headers.RetryAfter!.Delta!.Value);
        StringAssert.Contains(await refused.Content.ReadAsStringAsync(), "All places are taken. Try again in");
        held.SetResult();
        Assert.AreEqual(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [TestMethod]
    public async Task Whoever_waits_too_long_is_told_when_to_come_again()
    {
        await using RunningService service = await RunningService.StartAsync(OnePlace, "--Explain:WaitSeconds=1");
        TaskCompletionSource held = await service.HoldEngineAsync();
        StringAssert.Contains(await Upload.RefusedAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]), 503), "No engine became free within 1 seconds");
        held.SetResult();
    }

    [TestMethod]
    public async Task A_stop_waits_for_running_requests_and_frees_the_network_after_them()
    {
        RunningService service = await RunningService.StartAsync(OnePlace, OneMayWait);
        TaskCompletionSource held = await service.HoldEngineAsync();
        (_, Task<HttpResponseMessage> waiting) = await FillAsync(service);
        PredictionEngine<PhotoRow, PhotoExplanation> engine = service.Model.NewEngine(service.Model.Offer.Usual);
        Task stopped = service.App.StopAsync();
        held.SetResult();
        Assert.AreEqual(HttpStatusCode.OK, (await waiting).StatusCode);
        await stopped;
        await service.DisposeAsync();
        using MLImage photo = ImageFile.Load(Upload.Scenes[0]);
        Assert.ThrowsExactly<ObjectDisposedException>(() => engine.Predict(new PhotoRow { Image = photo }));
    }

    [TestMethod]
    [Timeout(120_000)]
    public async Task A_network_that_cannot_be_read_ends_the_service()
    {
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllTextAsync(file.Path, "no network");
        await using WebApplication app = RunningService.Create(null, $"--Explain:Model={file.Path}");
        try
        {
            await app.StartAsync();
            await RunningService.Loader(app);
            await app.WaitForShutdownAsync();
            Assert.AreEqual(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    [TestMethod]
    public async Task Another_network_brings_its_own_labels_or_numbers()
    {
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllBytesAsync(file.Path, TinyNetwork.Rectified.ToOnnx());
        await using RunningService service = await RunningService.StartAsync($"--Explain:Model={file.Path}");
        using HttpResponseMessage response = await Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]));
        StringAssert.Contains(await response.Content.ReadAsStringAsync(), "\"class\":\"class ");
    }

    [TestMethod]
    [DataRow("PoolSize=0", "The setting Explain:PoolSize is '0'; expected 1 or more.")]
    [DataRow("QueueLength=-1", "The setting Explain:QueueLength is '-1'; expected 0 or more.")]
    [DataRow("Networks=3", "The setting Explain:Networks is '3'; expected at most Explain:PoolSize, 2")]
    [DataRow("Model=nowhere.onnx", "The setting Explain:Model is 'nowhere.onnx'; expected the path of an ONNX file that is there.")]
    [DataRow("Mean:0=0.5", "The setting Explain:Model is ''; expected an ONNX file, because labels or colours are given")]
    public void A_wrong_setting_is_named(string setting, string message)
        => StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(() => PhotoService.Create([$"--Explain:{setting}"])).Message, message);

    /// <summary>Two requests, of which one may wait, while nobody gets the engine: whichever is answered first was turned away, and the other is in.</summary>
    private static async Task<(HttpResponseMessage Refused, Task<HttpResponseMessage> Waiting)> FillAsync(RunningService service)
    {
        Task<HttpResponseMessage>[] sent = [.. Enumerable.Range(0, 2).Select(_ => Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0])))];
        Task<HttpResponseMessage> first = await Task.WhenAny(sent);
        return (await first, sent.Single(task => task != first));
    }

    private static async Task<HttpStatusCode> Health(RunningService service, string which)
    {
        using HttpResponseMessage response = await service.Http.GetAsync(new Uri($"/health/{which}", UriKind.Relative));
        return response.StatusCode;
    }
}
