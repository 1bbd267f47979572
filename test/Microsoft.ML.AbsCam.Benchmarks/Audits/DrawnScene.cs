using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>A drawn scene of one object: its pixels as RGBA, and where the object is.</summary>
/// <param name="Seed">What it was drawn from.</param>
/// <param name="Class">The object's class.</param>
/// <param name="Pixels">Four bytes a pixel.</param>
/// <param name="Object">The object's pixels.</param>
internal sealed record DrawnScene(int Seed, int Class, byte[] Pixels, bool[] Object)
{
    public const int Side = 64;
    public const int Classes = 6;

    /// <summary>The classes' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. DemoNetwork.Classes.Take(Classes)];

    /// <summary>Scenes with neighbouring seeds, the classes in turn.</summary>
    public static DrawnScene[] Draw(int firstSeed, int count)
    {
        var scenes = new DrawnScene[count];
        for (int i = 0; i < count; i++)
        {
            DemoScene scene = DemoScenes.Draw(firstSeed + i, i % Classes, Side);
            scenes[i] = new DrawnScene(firstSeed + i, scene.ClassIndex, scene.Pixels.ToArray(), scene.Mask.ToArray());
        }

        return scenes;
    }
}
