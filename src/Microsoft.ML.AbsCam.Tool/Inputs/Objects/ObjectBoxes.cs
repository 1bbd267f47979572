namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>The boxes of many photos, found by a photo's path below the folder that was given, or by its bare name.</summary>
internal sealed class ObjectBoxes
{
    private readonly Dictionary<string, List<ObjectBox>> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HashSet<(int Width, int Height)>> _sizes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many photos are named.</summary>
    public int Photos => _byName.Count;

    public void Add(string photo, ObjectBox? box)
    {
        photo = photo.Replace('\\', '/');
        if (!_byName.TryGetValue(photo, out List<ObjectBox>? list))
        {
            _byName.Add(photo, list = []);
        }

        if (box is not null)
        {
            list.Add(box);
        }
    }

    /// <summary>Notes the size of the picture that the boxes were drawn on, where the annotation states one.</summary>
    public void AddSize(string photo, double? width, double? height)
    {
        photo = photo.Replace('\\', '/');
        if (width is >= 1 and <= int.MaxValue && height is >= 1 and <= int.MaxValue)
        {
            if (!_sizes.TryGetValue(photo, out HashSet<(int, int)>? sizes))
            {
                _sizes.Add(photo, sizes = []);
            }

            sizes.Add(((int)width, (int)height));
        }
    }

    /// <summary>The boxes of a photo; null where the file says nothing of it.</summary>
    public IReadOnlyList<ObjectBox>? Of(InputFile file) => NameOf(file) is { } name ? _byName[name] : null;

    /// <summary>The sizes that are stated of the picture: none, one, or several where annotations of different pictures share its name.</summary>
    public IReadOnlyCollection<(int Width, int Height)> SizesOf(InputFile file) => NameOf(file) is { } name && _sizes.TryGetValue(name, out HashSet<(int, int)>? sizes) ? sizes : [];

    private string? NameOf(InputFile file)
        => new[] { file.Name, file.Name.Replace('\\', '/'), Path.GetFileName(file.Name), Path.GetFileNameWithoutExtension(file.Name) }.FirstOrDefault(_byName.ContainsKey);
}
