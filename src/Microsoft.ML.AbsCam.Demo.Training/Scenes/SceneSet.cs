namespace Microsoft.ML.AbsCam.Demo.Training.Scenes;

/// <summary>Scenes at the networks' input size, held as bytes: three planes (red, green, blue) a scene, the objects' places and their classes.</summary>
internal sealed class SceneSet
{
    private readonly byte[][] _planes;
    private readonly byte[][] _places;
    private readonly int[][] _classes;

    private SceneSet(int count) => (_planes, _places, _classes) = (new byte[count][], new byte[count][], new int[count][]);

    public int Count => _classes.Length;

    /// <summary>Draws scenes with neighbouring seeds, and shrinks them as the product shrinks a photo.</summary>
    /// <param name="draw">Makes a sample of a seed, its place in the set, and a size.</param>
    /// <param name="firstSeed">The first scene's seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Columns and rows of the drawn pictures.</param>
    public static SceneSet Draw(Func<int, int, int, Sample> draw, int firstSeed, int count, int size)
    {
        var set = new SceneSet(count);
        var shrink = new Shrink(size, DemoNetwork.InputSize);
        Parallel.For(0, count, i =>
        {
            var sample = draw(firstSeed + i, i, size);
            set._planes[i] = shrink.Planes(sample.Pixels.Span);
            set._places[i] = Nearest(sample.Places.Span, size, DemoNetwork.InputSize);
            set._classes[i] = sample.Classes;
        });
        return set;
    }

    public ReadOnlySpan<byte> Planes(int index) => _planes[index];

    /// <summary>The object that is seen at a pixel, counted from 1; 0 is none.</summary>
    public ReadOnlySpan<byte> Places(int index) => _places[index];

    /// <summary>The objects' classes.</summary>
    public int[] Classes(int index) => _classes[index];

    private static byte[] Nearest(ReadOnlySpan<byte> places, int from, int to)
    {
        var nearest = new byte[to * to];
        for (var i = 0; i < nearest.Length; i++)
        {
            var (x, y) = ((((i % to) * 2) + 1) * from / (2 * to), (((i / to * 2) + 1) * from) / (2 * to));
            nearest[i] = places[(y * from) + x];
        }

        return nearest;
    }
}
