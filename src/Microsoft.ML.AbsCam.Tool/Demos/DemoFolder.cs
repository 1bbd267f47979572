namespace Microsoft.ML.AbsCam.Tool.Demos;

/// <summary>The inputs of a demo as files beside its results, so that they can be tried with other options.</summary>
/// <param name="set">What the demo shows.</param>
/// <param name="folder">Where results go.</param>
internal sealed class DemoFolder(DemoSet set, string folder)
{
    public string Pictures { get; } = Path.Combine(folder, "pictures");

    public string Model { get; } = Path.Combine(folder, $"{set.File}.onnx");

    private string Classes { get; } = Path.Combine(folder, "targets.csv");

    /// <summary>What --target says.</summary>
    public string Target => set.Target.Replace("{0}", Classes, StringComparison.Ordinal);

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
            File.WriteAllLines(Path.Combine(folder, $"{set.File}-labels.txt"), set.Classes);
            var pictures = new Dictionary<string, DemoPicture>();
            foreach (DemoPicture picture in set.Draw(count))
            {
                string name = $"{pictures.Count:000}-{picture.About.Replace(' ', '-')}.png";
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
}
