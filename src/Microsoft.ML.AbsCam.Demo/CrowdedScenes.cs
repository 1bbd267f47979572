using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;

namespace Microsoft.ML.AbsCam.Demo;

/// <summary>Draws scenes of two to five objects, for networks that find or outline them.</summary>
public static class CrowdedScenes
{
    private const int Most = 5;

    // Streams of the dice that pictures of one object do not use: a crowd and a single object of one seed share their ground alone.
    private const int PlacesStream = 4;
    private const int FirstObjectStream = 200;

    /// <summary>Draws a scene; the same arguments give the same picture.</summary>
    /// <param name="seed">What everything in the picture is thrown from, the classes too.</param>
    /// <param name="size">Width and height in pixels, at least 32.</param>
    /// <returns>The scene.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is too small.</exception>
    public static CrowdedScene Draw(int seed, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 32);
        var texture = DemoScenes.GroundOf(seed);
        var (classes, things) = Place(seed);
        var (picture, places) = new ScenePainter(seed, size).Paint(texture, things);
        using (picture)
        {
            return new CrowdedScene(seed, texture.Name, size, picture.Bytes, places, [.. classes.Select((classIndex, i) => Around(places, size, i + 1, classIndex))]);
        }
    }

    /// <summary>Scenes of 320 by 320 pixels that no network was trained on.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The scenes, drawn as they are asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static IEnumerable<CrowdedScene> HeldOut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Enumerable.Range(DemoScenes.FirstHeldOutSeed, count).Select(seed => Draw(seed, DemoScenes.HeldOutSize));
    }

    private static (List<int> Classes, List<PlacedObject> Things) Place(int seed)
    {
        var dice = new Dice(seed, PlacesStream);
        var wanted = dice.Whole(2, Most);
        var (classes, things) = (new List<int>(), new List<PlacedObject>());

        // Two of any size have room somewhere; of more, those that find none in a few throws are left out.
        for (var throws = 0; things.Count < 2 || (things.Count < wanted && throws < 60); throws++)
        {
            var radius = dice.Between(0.11f, 0.22f);
            var reach = radius * PlacedObject.Reach;
            var (x, y) = (dice.Between(reach, 1 - reach), dice.Between(reach, 1 - reach));
            if (things.TrueForAll(other => Distance(other, x, y) > 0.85f * (other.Radius + radius)))
            {
                classes.Add(dice.Whole(0, DemoScenes.Objects.Length - 1));
                things.Add(new PlacedObject(DemoScenes.Objects[classes[^1]], x, y, radius, new Dice(seed, FirstObjectStream + things.Count)));
            }
        }

        return (classes, things);
    }

    private static float Distance(PlacedObject other, float x, float y) => MathF.Sqrt(MathF.Pow(other.X - x, 2) + MathF.Pow(other.Y - y, 2));

    private static CrowdedObject Around(byte[] places, int size, int number, int classIndex)
    {
        var (left, top, right, bottom) = (size, size, -1, -1);
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] == number)
            {
                (left, right) = (Math.Min(left, i % size), Math.Max(right, i % size));
                (top, bottom) = (Math.Min(top, i / size), Math.Max(bottom, i / size));
            }
        }

        return new CrowdedObject(classIndex, left, top, right - left + 1, bottom - top + 1);
    }
}
