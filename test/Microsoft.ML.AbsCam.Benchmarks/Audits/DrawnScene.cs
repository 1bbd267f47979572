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

    /// <summary>The same with an object that is hardly seen: what else tells the class is learnt the sooner.</summary>
    public DrawnScene Faint()
    {
        const double left = 0.15;
        byte[] pixels = [.. Pixels];
        bool[] open = [.. Object];

        // The same seed with an object of another class has the same ground, and its object elsewhere.
        for (int step = 1; step < Classes && open.Contains(true); step++)
        {
            DemoScene other = DemoScenes.Draw(Seed, (Class + step) % Classes, Side);
            for (int i = 0; i < open.Length; i++)
            {
                if (open[i] && !other.Mask.Span[i])
                {
                    open[i] = false;
                    for (int place = i * 4; place < (i * 4) + 3; place++)
                    {
                        pixels[place] = (byte)((left * Pixels[place]) + ((1 - left) * other.Pixels.Span[place]));
                    }
                }
            }
        }

        return this with { Pixels = pixels };
    }
}
