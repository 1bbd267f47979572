namespace Microsoft.ML.AbsCam.Demo.Training;

/// <summary>Scenes at the network's input size, held as bytes: three planes (red, green, blue) a scene.</summary>
internal sealed class SceneSet
{
    private readonly byte[][] _planes;
    private readonly int[] _labels;
    private readonly bool[][] _masks;

    private SceneSet(int count)
    {
        _planes = new byte[count][];
        _labels = new int[count];
        _masks = new bool[count][];
    }

    public int Count => _labels.Length;

    /// <summary>Draws scenes with neighbouring seeds, the classes in turn, and shrinks them as the product shrinks a photo.</summary>
    public static SceneSet Draw(int firstSeed, int count, int size)
    {
        var set = new SceneSet(count);
        Parallel.For(0, count, i =>
        {
            var scene = DemoScenes.Draw(firstSeed + i, i % DemoNetwork.Classes.Count, size);
            var shrink = new Shrink(size, DemoNetwork.InputSize);
            set._planes[i] = shrink.Planes(scene.Pixels.Span);
            set._labels[i] = scene.ClassIndex;
            set._masks[i] = Nearest(scene, DemoNetwork.InputSize);
        });
        return set;
    }

    public ReadOnlySpan<byte> Planes(int index) => _planes[index];

    public int Label(int index) => _labels[index];

    public bool[] Mask(int index) => _masks[index];

    private static bool[] Nearest(DemoScene scene, int size)
    {
        var mask = new bool[size * size];
        for (var i = 0; i < mask.Length; i++)
        {
            var (x, y) = ((((i % size) * 2) + 1) * scene.Width / (2 * size), (((i / size * 2) + 1) * scene.Height) / (2 * size));
            mask[i] = scene.Mask.Span[(y * scene.Width) + x];
        }

        return mask;
    }
}
