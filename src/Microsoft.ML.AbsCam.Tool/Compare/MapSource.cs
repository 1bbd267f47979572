using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Where maps come from: a method, or files that something else wrote.</summary>
/// <param name="Name">The name in tables.</param>
internal abstract record MapSource(string Name)
{
    /// <summary>Whether it knows nothing of the network, and is there for others to beat.</summary>
    public virtual bool IsBaseline => false;
}

/// <summary>Maps that are made here.</summary>
internal sealed record MethodSource(SaliencyMethod Method) : MapSource(Method.Name)
{
    /// <summary>The methods that know nothing of the network.</summary>
    public static IReadOnlyList<SaliencyMethod> Baselines { get; } = [SaliencyMethod.Random, SaliencyMethod.CenterGaussian];

    public override bool IsBaseline => Baselines.Any(baseline => baseline.Name == Method.Name);
}

/// <summary>Maps in NumPy files that are named like the photos.</summary>
internal sealed record FileSource(string Name, string Folder) : MapSource(Name)
{
    /// <summary>A map of another program can be as large as its photo.</summary>
    private const long MostValues = 100_000_000;

    /// <exception cref="InvalidDataException">There is no map for the photo, or none that can be read.</exception>
    public (float[] Values, int Height, int Width) Read(InputFile file)
    {
        string path = Path.Combine(Folder, file.OutputName + ".npy");
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"there is no map '{path}'");
        }

        (float[] values, int[] shape) = NpyFile.Read(path, MostValues);
        return shape switch
        {
            [int height, int width] => (values, height, width),
            [1, int height, int width] => (values, height, width),
            [1, 1, int height, int width] => (values, height, width),
            _ => throw new InvalidDataException($"the map '{path}' has the shape [{string.Join(", ", shape)}], and a map has a height and a width"),
        };
    }
}
