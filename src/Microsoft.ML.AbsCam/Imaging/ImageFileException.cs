namespace Microsoft.ML.AbsCam;

/// <summary>An image could not be read. The message names it, says what is wrong with it and what to do.</summary>
public sealed class ImageFileException : Exception
{
    internal ImageFileException(string path, string problem, Exception? innerException = null)
        : base($"{path}: {problem}", innerException) => Path = path;

    /// <summary>The file, or the name that was given to a stream or to bytes.</summary>
    public string Path { get; }
}
