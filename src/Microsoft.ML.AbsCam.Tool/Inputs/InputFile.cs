namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>A file to explain.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">What it is called in the results: its path below the folder that was given, with forward slashes.</param>
/// <param name="OutputName">What its outputs are called, below their folder and without an extension; no two inputs share one.</param>
internal sealed record InputFile(string Path, string Name, string OutputName)
{
    /// <summary>Its place among all files of a run, in the order in which they are explained.</summary>
    public int Place { get; init; }

    /// <summary>Whether it is a tensor, taken as already preprocessed, and not a picture.</summary>
    public bool IsTensor => System.IO.Path.GetExtension(Path).Equals(".npy", StringComparison.OrdinalIgnoreCase);
}
