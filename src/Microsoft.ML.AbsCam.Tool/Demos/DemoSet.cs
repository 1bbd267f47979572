using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Tool.Demos;

/// <summary>What a demo shows: an embedded network, pictures that it was not trained on, and the question that they are asked.</summary>
/// <param name="Name">The task, as --task names it.</param>
/// <param name="File">The network's file without its extension.</param>
/// <param name="Title">What stands above the page.</param>
/// <param name="Target">The question, as --target has it; {0} stands for the file that the question needs: the picture to compare with, or a class for each picture.</param>
/// <param name="Classes">The names of the network's classes; none where it has no classes.</param>
/// <param name="ReadOnnx">The network.</param>
/// <param name="Draw">Makes so many pictures.</param>
internal sealed record DemoSet(string Name, string File, string Title, string Target, IReadOnlyList<string> Classes, Func<byte[]> ReadOnnx, Func<int, IEnumerable<DemoPicture>> Draw)
{
    // The rubber duck, and more pictures than are asked for, of which those that show one are taken.
    private const int Sought = 6;
    private const int MostCrowds = 1_000_000;

    /// <summary>Why is it this class?</summary>
    public static DemoSet Classify { get; } = new(
        "classify", "demo", "Ten things a small network knows, and where it saw them", "predicted", DemoNetwork.Classes, DemoNetwork.ReadOnnx,
        count => DemoScenes.HeldOut(count).Select(Of));

    /// <summary>Why is there such a box?</summary>
    public static DemoSet Detect { get; } = new(
        "detect", "detector", "What a small detector found, and what it found it by", "box:@{0}", DemoTaskNetwork.Detector.Classes, DemoTaskNetwork.Detector.ReadOnnx,
        count => CrowdedScenes.HeldOut(count).Select(Of));

    /// <summary>Why is this region of that class?</summary>
    public static DemoSet Segment { get; } = new(
        "segment", "segmenter", "What a small network outlined, and what it knew it by", "region:@{0}", DemoTaskNetwork.Segmenter.Classes, DemoTaskNetwork.Segmenter.ReadOnnx,
        count => CrowdedScenes.HeldOut(count).Select(Of));

    /// <summary>Why is it this class and not the one that is most like it?</summary>
    public static DemoSet Contrast { get; } = new(
        "contrast", "twins", "Why this one and not its twin?", "contrast:runner-up", DemoTaskNetwork.Twins.Classes, DemoTaskNetwork.Twins.ReadOnnx,
        count => TwinScenes.HeldOut(count).Select(Of));

    /// <summary>Why is it like that picture?</summary>
    public static DemoSet Embed { get; } = new(
        "embed", "embedding", $"What makes these pictures like one of a {DemoNetwork.Classes[Sought]}", "similar:{0}", DemoTaskNetwork.Embedding.Classes, DemoTaskNetwork.Embedding.ReadOnnx,
        count => CrowdedScenes.HeldOut(MostCrowds).Where(scene => scene.Objects.Any(thing => thing.ClassIndex == Sought)).Take(count).Select(scene => Showing(Sought, scene)))
    {
        Task = NetworkTask.Embed,

        // Of the methods, those that keep the gradient's sign lie on the thing that both pictures show most often (docs/understand/method.md).
        Method = SaliencyMethod.HiResCam,
        Reference = () => Of(DemoScenes.HeldOut(Sought + 1).Last()),
    };

    /// <summary>Why is it this class, to a transformer?</summary>
    public static DemoSet Tokens { get; } = new(
        "tokens", "transformer", "Ten things a small vision transformer knows, and where it saw them", "predicted", DemoTaskNetwork.Transformer.Classes, DemoTaskNetwork.Transformer.ReadOnnx,
        count => DemoScenes.HeldOut(count).Select(Of));

    /// <summary>All of them; the first is the usual one.</summary>
    public static IReadOnlyList<DemoSet> All { get; } = [Classify, Detect, Segment, Contrast, Embed, Tokens];

    /// <summary>What the network is for, where its output may be something else too.</summary>
    public NetworkTask Task { get; init; }

    /// <summary>The method, where it is not the usual one.</summary>
    public SaliencyMethod? Method { get; init; }

    /// <summary>Makes the picture that the others are compared with; null where there is none.</summary>
    public Func<DemoPicture>? Reference { get; init; }

    // The pictures are square, so the network saw all of each, and shares of a map are shares of the picture.
    private static Func<double, double, bool> Lookup(Func<ReadOnlyMemory<bool>> mask, int size)
        => (x, y) => mask().Span[((int)(y * size) * size) + (int)(x * size)];

    private static DemoPicture Of(DemoScene scene) => new(scene.ClassName, scene.EncodePng(), scene.EncodeMaskPng())
    {
        ClassName = scene.ClassName,
        IsOnObject = Lookup(() => scene.Mask, scene.Height),
    };

    private static DemoPicture Of(TwinScene scene) => new(scene.ClassName, scene.EncodePng(), scene.EncodeDifferencePng()) { ClassName = scene.ClassName };

    // Of several objects the largest is asked about.
    private static DemoPicture Of(CrowdedScene scene)
    {
        int asked = scene.Objects.MaxBy(thing => thing.Width * thing.Height)!.ClassIndex;
        return Showing(asked, scene) with { Asked = DemoNetwork.Classes[asked] };
    }

    private static DemoPicture Showing(int asked, CrowdedScene scene)
    {
        bool[] mask = scene.MaskOfClass(asked);
        return new DemoPicture(DemoNetwork.Classes[asked], scene.EncodePng(), scene.EncodeClassMaskPng(asked)) { IsOnObject = Lookup(() => mask, scene.Size) };
    }
}
