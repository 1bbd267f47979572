namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The name of a file that is gone on disposal.</summary>
internal sealed class TemporaryFile(string extension) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"abscam-{Guid.NewGuid():N}{extension}");

    public void Dispose() => File.Delete(Path);
}
