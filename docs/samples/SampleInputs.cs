using Microsoft.ML.AbsCam.Demo;

namespace Microsoft.ML.AbsCam.Samples;

/// <summary>A folder with the demo's network and a few of its pictures; it is removed on disposal.</summary>
internal sealed class SampleInputs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("abscam-samples");

    public SampleInputs()
    {
        File.WriteAllBytes(Model, DemoNetwork.ReadOnnx());
        File.WriteAllLines(Labels, DemoNetwork.Classes);
        foreach (DemoScene scene in DemoScenes.HeldOut(3))
        {
            string name = scene.ClassName + ".png";
            File.WriteAllBytes(Path.Combine(PhotoFolder, name), scene.EncodePng());
            FileNames.Add(name);
            Boxes.Add(BoxAround(scene));
        }
    }

    public string PhotoFolder => _folder.FullName;

    public List<string> FileNames { get; } = [];

    /// <summary>A box around each picture's object: left, top, right, bottom.</summary>
    public List<float[]> Boxes { get; } = [];

    public string Model => Path.Combine(_folder.FullName, "demo.onnx");

    public string Labels => Path.Combine(_folder.FullName, "demo-labels.txt");

    public void Dispose() => _folder.Delete(recursive: true);

    private static float[] BoxAround(DemoScene scene)
    {
        bool[] mask = scene.Mask.ToArray();
        int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])];
        return [pixels.Min(i => i % scene.Width), pixels.Min(i => i / scene.Width), pixels.Max(i => i % scene.Width) + 1, pixels.Max(i => i / scene.Width) + 1];
    }
}
