namespace Microsoft.ML.AbsCam.Demo.Training.Scenes;

/// <summary>A drawn scene as training takes it.</summary>
/// <param name="Size">Columns and rows of the picture.</param>
/// <param name="Pixels">Red, green, blue and alpha of every pixel.</param>
/// <param name="Places">The object that is seen at a pixel, counted from 1; 0 is none.</param>
/// <param name="Classes">The objects' classes.</param>
internal sealed record Sample(int Size, ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<byte> Places, int[] Classes)
{
    /// <summary>One object of the demo's classes, which come in turn.</summary>
    public static Sample One(int seed, int index, int size)
    {
        var scene = DemoScenes.Draw(seed, index % DemoNetwork.Classes.Count, size);
        return new Sample(size, scene.Pixels, Counted(scene.Mask), [scene.ClassIndex]);
    }

    /// <summary>One object of the twins' classes, which come in turn.</summary>
    public static Sample Twin(int seed, int index, int size)
    {
        var scene = TwinScenes.Draw(seed, index % TwinScenes.ClassNames.Count, size);
        return new Sample(size, scene.Pixels, Counted(scene.Mask), [scene.ClassIndex]);
    }

    /// <summary>Several objects of the demo's classes.</summary>
    public static Sample Crowd(int seed, int index, int size)
    {
        var scene = CrowdedScenes.Draw(seed, size);
        return new Sample(size, scene.Pixels, scene.Places, [.. scene.Objects.Select(thing => thing.ClassIndex)]);
    }

    private static byte[] Counted(ReadOnlyMemory<bool> mask) => Array.ConvertAll(mask.ToArray(), on => on ? (byte)1 : (byte)0);
}
