namespace Microsoft.ML.AbsCam.Tool.Demos;

/// <summary>The inputs of a demo as files beside its results, so that they can be tried with other options.</summary>
/// <param name="set">What the demo shows.</param>
/// <param name="folder">Where results go.</param>
internal sealed class DemoFolder(DemoSet set, string folder)
{
    private readonly DemoPicture? _reference = set.Reference?.Invoke();

    public string Pictures { get; } = Path.Combine(folder, "pictures");

    public string Model { get; } = Path.Combine(folder, $"{set.File}.onnx");

    private string Classes { get; } = Path.Combine(folder, "targets.csv");

    /// <summary>What --target says.</summary>
    public string Target => set.Target.Replace("{0}", Reference ?? Classes, StringComparison.Ordinal);

    private string? Reference => _reference is null ? null : Path.Combine(folder, $"{FileNameOf(_reference)}.png");

    /// <param name="count">How many pictures.</param>
    /// <returns>The pictures by their names.</returns>
    /// <exception cref="UsageException">The folder cannot be written to.</exception>
    public Dictionary<string, DemoPicture> Write(int count)
    {
        string masks = Path.Combine(folder, "masks");
        try
        {
            Directory.CreateDirectory(Pictures);
            Directory.CreateDirectory(masks);
            File.WriteAllBytes(Model, set.ReadOnnx());
            if (set.Classes.Count > 0)
            {
                File.WriteAllLines(Path.Combine(folder, $"{set.File}-labels.txt"), set.Classes);
            }

            if (Reference is not null)
            {
                File.WriteAllBytes(Reference, _reference!.Png);
            }

            var pictures = new Dictionary<string, DemoPicture>();
            foreach (DemoPicture picture in set.Draw(count))
            {
                string name = $"{pictures.Count:000}-{FileNameOf(picture)}.png";
                File.WriteAllBytes(Path.Combine(Pictures, name), picture.Png);
                File.WriteAllBytes(Path.Combine(masks, name), picture.MaskPng);
                pictures.Add(name, picture);
            }

            if (pictures.Values.Any(picture => picture.Asked is not null))
            {
                File.WriteAllLines(Classes, pictures.Select(pair => $"{pair.Key},{pair.Value.Asked}").Prepend("image,target"));
            }

            return pictures;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The pictures cannot be written to '{Pictures}': {e.Message} Give another folder with --output.");
        }
    }

    private static string FileNameOf(DemoPicture picture) => picture.About.Replace(' ', '-');
}
