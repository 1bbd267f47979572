using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;
using Microsoft.ML.AbsCam.Demo.Twins;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>Draws pictures in pairs that differ in one part of one object: classes that are easily confused, with the difference known to the pixel.</summary>
public static class TwinScenes
{
    private const int FirstStream = 300;
    private const int Threshold = 16;

    // Twins are neighbours: 0 and 1, 2 and 3, and so on.
    private static readonly TwinObject[] Objects =
    [
        new(new RubberDuck(), new PartyHat()), new(new RubberDuck(), new BowTie()),
        new(new Car(), new RoofSign()), new(new Car(), new DoorStar()),
        new(new Sailboat(), new SailSun()), new(new Sailboat(), new Lifebuoy()),
        new(new Mushroom(), new StemDoor()), new(new Mushroom(), new CapWindow()),
    ];

    /// <summary>The names of the classes; each class's twin is its neighbour.</summary>
    public static IReadOnlyList<string> ClassNames { get; } = Array.AsReadOnly(Array.ConvertAll(Objects, thing => thing.Name));

    /// <summary>The class that differs from a class in one part only.</summary>
    /// <param name="classIndex">A class, an index into <see cref="ClassNames"/>.</param>
    /// <returns>The other class, which has this one as its twin.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public static int TwinOf(int classIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, Objects.Length);
        return classIndex ^ 1;
    }

    /// <summary>Draws a scene; the same arguments give the same picture, and the twin's class gives its twin.</summary>
    /// <param name="seed">What ground, clutter, light, and the object's looks and place are thrown from; it says nothing about the class.</param>
    /// <param name="classIndex">The object's class, an index into <see cref="ClassNames"/>.</param>
    /// <param name="size">Width and height in pixels, at least 32.</param>
    /// <returns>The scene.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or the size is too small.</exception>
    public static TwinScene Draw(int seed, int classIndex, int size)
    {
        var twin = TwinOf(classIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 32);
        var (pixels, places) = Paint(seed, classIndex, size);
        return new TwinScene(seed, classIndex, size, pixels, Array.ConvertAll(places, place => place != 0), () => Difference(pixels, Paint(seed, twin, size).Pixels));
    }

    /// <summary>Scenes of 320 by 320 pixels that no network was trained on, the classes in turn; neighbouring scenes 0 and 1, 2 and 3, … are twins.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The scenes, drawn as they are asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IEnumerable<TwinScene> HeldOut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Enumerable.Range(0, count).Select(i => Draw(DemoScenes.FirstHeldOutSeed + (i / 2), i % Objects.Length, DemoScenes.HeldOutSize));
    }

    // Twins take their object from one stream of the dice, so that all but their parts is the same.
    private static (byte[] Pixels, byte[] Places) Paint(int seed, int classIndex, int size)
    {
        var thing = PlacedObject.Anywhere(Objects[classIndex], new Dice(seed, FirstStream + (classIndex / 2)));
        var (picture, places) = new ScenePainter(seed, size).Paint(DemoScenes.GroundOf(seed), [thing]);
        using (picture)
        {
            return (picture.Bytes, places);
        }
    }

    private static bool[] Difference(byte[] pixels, byte[] others)
    {
        var difference = new bool[pixels.Length / 4];
        for (var i = 0; i < pixels.Length; i++)
        {
            difference[i / 4] |= Math.Abs(pixels[i] - others[i]) > Threshold;
        }

        return difference;
    }
}
