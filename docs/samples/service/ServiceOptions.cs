namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What can be set from outside: <c>--Explain:PoolSize=4</c>, <c>Explain__PoolSize=4</c>, or appsettings.json.</summary>
internal sealed record ServiceOptions
{
    public const string Section = "Explain";

    /// <summary>An ONNX file. Null takes the demo's network, so that the service runs at once.</summary>
    public string? Model { get; init; }

    /// <summary>A file with a name a line for the classes of <see cref="Model"/>.</summary>
    public string? Labels { get; init; }

    /// <summary>What training subtracted from red, green and blue in [0,1]; null takes ImageNet's. The demo's network brings its own.</summary>
    public float[]? Mean { get; init; }

    /// <summary>What training then divided by.</summary>
    public float[]? Std { get; init; }

    /// <summary>The method of whoever asks for none. Initial maps (abs-cam-initial) take one pass a photo, final ones many: the knob for latency.</summary>
    public string Method { get; init; } = SaliencyMethod.AbsCam.Name;

    /// <summary>The methods that can be asked for besides that one; null takes all but RISE, which takes minutes a photo, and the baselines.</summary>
    public string[]? Methods { get; init; }

    /// <summary>How many photos are decoded, explained and drawn at once.</summary>
    public int PoolSize { get; init; } = 2;

    /// <summary>How many copies of the network there are. Passes through one copy take turns.</summary>
    public int Networks { get; init; } = 1;

    /// <summary>How many requests may wait for an engine; the next is turned away.</summary>
    public int QueueLength { get; init; } = 16;

    /// <summary>How long one may wait.</summary>
    public int WaitSeconds { get; init; } = 30;

    /// <summary>The largest body of a request.</summary>
    public int MaxUploadBytes { get; init; } = 10 << 20;

    /// <summary>The largest photo; small files can be large photos, and each pixel takes four bytes of memory.</summary>
    public long MaxPixels { get; init; } = 40_000_000;

    /// <summary>How many senders of photos are heard at once. They hold none of the places above.</summary>
    public int Uploads { get; init; } = 1000;

    /// <summary>How many bytes all of them together may have sent.</summary>
    public long UploadsBytes { get; init; } = 256 << 20;

    /// <summary>How long a photo may take to come.</summary>
    public int UploadSeconds { get; init; } = 30;

    /// <summary>Where metrics and traces go: "console", or null for nowhere.</summary>
    public string? Telemetry { get; init; }

    /// <summary>How long running requests have when the service is told to stop.</summary>
    public int ShutdownSeconds { get; init; } = 30;

    /// <exception cref="InvalidOperationException">A setting cannot be; the message names it and says what can.</exception>
    public ServiceOptions Checked()
    {
        Positive(PoolSize, nameof(PoolSize));
        Positive(Networks, nameof(Networks));
        Positive(WaitSeconds, nameof(WaitSeconds));
        Positive(MaxUploadBytes, nameof(MaxUploadBytes));
        Positive(MaxPixels, nameof(MaxPixels));
        Positive(Uploads, nameof(Uploads));
        Positive(UploadSeconds, nameof(UploadSeconds));
        Positive(ShutdownSeconds, nameof(ShutdownSeconds));
        Check(UploadsBytes >= MaxUploadBytes, nameof(UploadsBytes), UploadsBytes, $"{Section}:{nameof(MaxUploadBytes)}, {MaxUploadBytes}, or more");
        Check(QueueLength >= 0, nameof(QueueLength), QueueLength, "0 or more");
        Check(Networks <= PoolSize, nameof(Networks), Networks, $"at most {Section}:{nameof(PoolSize)}, {PoolSize}, since each engine uses one network");
        CheckMethod(Method, nameof(Method));
        foreach (string name in Methods ?? [])
        {
            CheckMethod(name, nameof(Methods));
        }

        Check(Telemetry is null or "console", nameof(Telemetry), Telemetry, "console, or nothing");
        Check(Model is null || File.Exists(Model), nameof(Model), Model, "the path of an ONNX file that is there");
        Check(Labels is null || File.Exists(Labels), nameof(Labels), Labels, "the path of a text file that is there");
        Check(Model is not null || (Labels is null && Mean is null && Std is null), nameof(Model), Model, "an ONNX file, because labels or colours are given; the demo's network has its own");
        return this;
    }

    private static void Positive(long value, string name) => Check(value > 0, name, value, "1 or more");

    private static void CheckMethod(string method, string name) => Check(SaliencyMethod.TryParse(method, out _), name, method, $"a method's name: {string.Join(", ", SaliencyMethod.All.Concat(SaliencyMethod.ForSomeNetworks))}");

    private static void Check(bool isRight, string name, object? value, string expected)
    {
        if (!isRight)
        {
            throw new InvalidOperationException($"The setting {Section}:{name} is '{value}'; expected {expected}.");
        }
    }
}
