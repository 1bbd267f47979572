using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.AbsCam.Samples.Service;

namespace Microsoft.ML.AbsCam.Tests.Service;

/// <summary>The sample service behind a real Kestrel, on a free port of the loopback address: a test server has no limits to hit.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private RunningService(WebApplication app)
    {
        App = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public WebApplication App { get; }

    public Uri Address => Http.BaseAddress!;

    public HttpClient Http { get; }

    public EnginePool Pool => App.Services.GetRequiredService<EnginePool>();

    public UploadRoom Room => App.Services.GetRequiredService<UploadRoom>();

    public ExplainModel Model => App.Services.GetRequiredService<ExplainModel>();

    public static Task<RunningService> StartAsync(params string[] settings) => StartAsync(TimeProvider.System, settings);

    public static async Task<RunningService> StartAsync(TimeProvider clock, params string[] settings)
    {
        RunningService service = await StartAsync(services => services.AddSingleton(clock), settings);
        await Loader(service.App);
        return service;
    }

    /// <summary>Starts it with nobody who loads the network.</summary>
    public static Task<RunningService> StartUnreadyAsync(params string[] settings)
        => StartAsync(services => services.Remove(services.Single(service => service.ImplementationType == typeof(ModelLoader))), settings);

    /// <summary>Ends when the network is loaded, or cannot be.</summary>
    public static Task Loader(WebApplication app) => app.Services.GetServices<IHostedService>().OfType<ModelLoader>().Single().ExecuteTask!;

    public static WebApplication Create(Action<IServiceCollection>? change, params string[] settings)
        => PhotoService.Create(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", .. settings], change);

    /// <summary>Takes an engine out of the pool until the result is completed.</summary>
    public async Task<TaskCompletionSource> HoldEngineAsync()
    {
        var taken = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _ = Task.Factory.StartNew(
            () => Pool.RunAsync(Model.Offer.Usual, _ =>
            {
                taken.SetResult();
                release.Task.Wait();
                return true;
            }, CancellationToken.None),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await taken.Task;
        return release;
    }

    public Task WaitForSendersAsync(int count) => WaitAsync(() => Room.Senders == count);

    public Task WaitForBytesAsync(long count) => WaitAsync(() => Room.Bytes == count);

    public Task WaitForQueueAsync(int count) => WaitAsync(() => Pool.Waiting == count);

    public static async Task WaitAsync(Func<bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.IsLessThan(TimeSpan.FromMinutes(2), watch.Elapsed);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }

    private static async Task<RunningService> StartAsync(Action<IServiceCollection>? change, string[] settings)
    {
        WebApplication app = Create(change, settings);
        await app.StartAsync();
        return new RunningService(app);
    }
}
