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
        }
    }

    public string PhotoFolder => _folder.FullName;

    public List<string> FileNames { get; } = [];

    public string Model => Path.Combine(_folder.FullName, "demo.onnx");

    public string Labels => Path.Combine(_folder.FullName, "demo-labels.txt");

    public void Dispose() => _folder.Delete(recursive: true);
}
