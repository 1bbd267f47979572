using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Scenes;

/// <summary>Some scenes as a network's input, and what is seen in them.</summary>
internal sealed class Batch
{
    private static readonly int Plane = DemoNetwork.InputSize * DemoNetwork.InputSize;
    private readonly byte[] _places;
    private readonly int[][] _classes;

    private Batch(Tensor input, byte[] places, int[][] classes) => (Input, _places, _classes) = (input, places, classes);

    /// <summary>The pictures [B,3,size,size], normalised.</summary>
    public Tensor Input { get; }

    public int Count => _classes.Length;

    /// <summary>The class of each scene's first object [B].</summary>
    public Tensor Labels => tensor(Array.ConvertAll(_classes, classes => (long)classes[0]));

    /// <summary>The scenes as they are.</summary>
    public static Batch Plain(SceneSet scenes, int first, int count) =>
        Load(scenes, [.. Enumerable.Range(first, count)], (planes, places, input, seen) =>
        {
            Augmentation.Copy(planes, input);
            places.CopyTo(seen);
        });

    /// <summary>The scenes, each altered by a seed of its own.</summary>
    public static Batch Altered(SceneSet scenes, int[] indices, Random random)
    {
        var seeds = new Queue<int>(indices.Select(_ => random.Next()));
        return Load(scenes, indices, (planes, places, input, seen) => new Augmentation(new Random(seeds.Dequeue())).Write(planes, places, input, seen));
    }

    /// <summary>The object that is seen at each pixel of one scene, counted from 1; 0 is none.</summary>
    public ReadOnlySpan<byte> Places(int scene) => _places.AsSpan(scene * Plane, Plane);

    /// <summary>The classes of one scene's objects.</summary>
    public int[] Classes(int scene) => _classes[scene];

    private static Batch Load(SceneSet scenes, int[] indices, Writer write)
    {
        var size = DemoNetwork.InputSize;
        var input = empty(indices.Length, 3, size, size);
        var values = MemoryMarshal.Cast<byte, float>(input.bytes);
        var places = new byte[indices.Length * Plane];
        for (var i = 0; i < indices.Length; i++)
        {
            write(scenes.Planes(indices[i]), scenes.Places(indices[i]), values.Slice(i * 3 * Plane, 3 * Plane), places.AsSpan(i * Plane, Plane));
        }

        return new Batch(input, places, Array.ConvertAll(indices, scenes.Classes));
    }

    private delegate void Writer(ReadOnlySpan<byte> planes, ReadOnlySpan<byte> places, Span<float> input, Span<byte> seen);
}
