using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>Those who send slowly, and those who send what is no HTTP, keep no place from others.</summary>
[TestClass]
[DoNotParallelize]
public sealed class SlowSenderTests
{
    private const string LargePng = "Content-Type: image/png\r\nContent-Length: 300000";

    [TestMethod]
    public async Task Two_hundred_slow_senders_keep_nobody_from_being_answered()
    {
        using var file = new TemporaryFile(".onnx");
        await File.WriteAllBytesAsync(file.Path, TinyNetwork.Rectified.ToOnnx());
        await using RunningService service = await RunningService.StartAsync($"--Explain:Model={file.Path}", "--Explain:PoolSize=1", "--Explain:QueueLength=0");
        RawRequest[] slow = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RawRequest.PostAsync(service.Address, LargePng, new string('x', 1000))));
        try
        {
            await service.WaitForSendersAsync(200);

            // One place in all, and none of them holds it.
            for (int i = 0; i < 10; i++)
            {
                using HttpResponseMessage answer = await Upload.PostAsync(service.Http, "/explain?map=false", Upload.Raw(Upload.Scenes[0]));
                Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
            }

            Assert.AreEqual((1L, 0L), (service.Pool.Free, service.Pool.Waiting));
        }
        finally
        {
            foreach (RawRequest sender in slow)
            {
                sender.Dispose();
            }
        }

        await service.WaitForSendersAsync(0);
        Assert.AreEqual(0, service.Room.Bytes);
    }

    [TestMethod]
    [DataRow("Content-Type: image/png\r\nContent-Length: 300000", "begun")]
    [DataRow("Content-Type: image/png\r\nTransfer-Encoding: chunked", "5\r\nbegun\r\n")]
    [DataRow("Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 300000", "--b\r\nContent-Disposition: form-data; name=photo; filename=p.png\r\n\r\nbegun")]
    public async Task A_photo_that_does_not_come_in_time_is_told_so_and_the_log_is_not_filled(string head, string begun)
    {
        using var log = new ErrorLog();
        await using RunningService service = await RunningService.StartUnreadyAsync("--Explain:UploadSeconds=1", "--Logging:LogLevel:Default=Error");
        service.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        service.Model.Load();
        using RawRequest sender = await RawRequest.PostAsync(service.Address, head, begun);
        string answer = await sender.ReadAnswerAsync();
        StringAssert.StartsWith(answer, "HTTP/1.1 408 ");
        StringAssert.Contains(answer, "The photo was not here within 1 seconds.");
        sender.Dispose();
        await service.App.StopAsync();
        Assert.IsEmpty(log.Lines, string.Join('\n', log.Lines));
    }

    [TestMethod]
    public async Task A_new_sender_takes_the_place_of_the_one_who_has_been_sending_longest()
    {
        var clock = new SetClock();
        await using RunningService service = await RunningService.StartAsync(clock, "--Explain:Uploads=2");
        using RawRequest first = await RawRequest.PostAsync(service.Address, LargePng, "first");
        await service.WaitForSendersAsync(1);
        clock.Seconds = 1;
        using RawRequest second = await RawRequest.PostAsync(service.Address, LargePng, "second");
        await service.WaitForSendersAsync(2);

        StringAssert.Contains(await Upload.RefusedAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]), 503), "All places for uploads are taken. Try again in 5 s.");
        clock.Seconds = 5;
        using HttpResponseMessage answer = await Upload.PostAsync(service.Http, "/explain", Upload.Raw(Upload.Scenes[0]));
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        StringAssert.Contains(await first.ReadAnswerAsync(), "The photo was still coming after 5 seconds, when others needed its place.");
        Assert.AreEqual(1, service.Room.Senders);
    }

    [TestMethod]
    public async Task Bytes_that_all_together_are_too_many_send_away_the_longest_sender_too()
    {
        var clock = new SetClock();
        await using RunningService service = await RunningService.StartAsync(clock, "--Explain:UploadsBytes=400000", "--Explain:MaxUploadBytes=400000");
        using RawRequest first = await RawRequest.PostAsync(service.Address, LargePng, new string('x', 250_000));
        await service.WaitForBytesAsync(250_000);
        clock.Seconds = 6;
        using RawRequest second = await RawRequest.PostAsync(service.Address, LargePng, new string('x', 250_000));
        StringAssert.Contains(await first.ReadAnswerAsync(), "HTTP/1.1 408 ");
        await service.WaitForBytesAsync(250_000);
    }

    [TestMethod]
    [DataRow("Content-Type: image/png", "ZZ")]
    [DataRow("Content-Type: image/png", "-1")]
    [DataRow("Content-Type: image/png", "80000000")]
    [DataRow("Content-Type: image/png", "FFFFFFFFFFFFFFFFFF")]
    [DataRow("Content-Type: multipart/form-data; boundary=b", "80000000")]
    public async Task A_chunk_with_a_size_that_cannot_be_is_a_bad_request(string type, string size)
    {
        await using RunningService service = await RunningService.StartUnreadyAsync();
        service.Model.Load();
        using RawRequest request = await RawRequest.PostAsync(service.Address, $"{type}\r\nTransfer-Encoding: chunked", $"{size}\r\nxx\r\n0\r\n\r\n");
        string answer = await request.ReadAnswerAsync();
        StringAssert.StartsWith(answer, "HTTP/1.1 400 ");
        StringAssert.Contains(answer, "application/problem+json");
        StringAssert.Contains(answer, "Bad chunk size data");
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }

    private sealed class SetClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
