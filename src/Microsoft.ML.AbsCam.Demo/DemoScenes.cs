using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;
using Microsoft.ML.AbsCam.Demo.Textures;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>Draws scenes: one object of a known class, anywhere on a cluttered ground.</summary>
public static class DemoScenes
{
    /// <summary>The first seed of the scenes for showing and measuring; training uses smaller seeds only.</summary>
    public const int FirstHeldOutSeed = 2_000_000;

    internal const int HeldOutSize = 320;

    internal static readonly SceneObject[] Objects =
    [
        new Butterfly(), new Car(), new Fish(), new HotAirBalloon(), new Ladybird(),
        new Mushroom(), new RubberDuck(), new Sailboat(), new Strawberry(), new Sunflower(),
    ];

    private static readonly Texture[] Grounds = [new Grass(), new Sand(), new Water(), new Stone(), new Sky(), new Foliage(), new Wood()];

    /// <summary>What objects may lie on; a scene's seed picks one, whatever the class.</summary>
    public static IReadOnlyList<string> Textures { get; } = Array.AsReadOnly(Array.ConvertAll(Grounds, ground => ground.Name));

    internal static IReadOnlyList<string> ClassNames { get; } = Array.AsReadOnly(Array.ConvertAll(Objects, thing => thing.Name));

    /// <summary>Draws a scene; the same arguments give the same picture.</summary>
    /// <param name="seed">What ground, clutter, light, and the object's looks and place are thrown from; it says nothing about the class.</param>
    /// <param name="classIndex">The object's class, an index into <see cref="DemoNetwork.Classes"/>.</param>
    /// <param name="size">Width and height in pixels, at least 16.</param>
    /// <returns>The scene.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or the size is too small.</exception>
    public static DemoScene Draw(int seed, int classIndex, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, Objects.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 16);
        var texture = GroundOf(seed);
        var (picture, places) = new ScenePainter(seed, size).Paint(texture, [PlacedObject.Anywhere(Objects[classIndex], new Dice(seed, 100 + classIndex))]);
        using (picture)
        {
            return new DemoScene(seed, classIndex, texture.Name, size, size, picture.Bytes, Array.ConvertAll(places, place => place != 0));
        }
    }

    /// <summary>Scenes of 320 by 320 pixels that the network never saw, the classes in turn.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The scenes, drawn as they are asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IEnumerable<DemoScene> HeldOut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Enumerable.Range(0, count).Select(i => Draw(FirstHeldOutSeed + i, i % Objects.Length, HeldOutSize));
    }

    /// <summary>What a scene's object lies on: the seed alone picks it.</summary>
    internal static Texture GroundOf(int seed) => Grounds[new Dice(seed, 3).Whole(0, Grounds.Length - 1)];
}
