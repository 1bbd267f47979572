using System.Globalization;
using System.Text.Json;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>COCO's JSON: photos, boxes [left, top, width, height] and classes of a whole data set in one file.</summary>
internal static class CocoFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = 32 };

    /// <exception cref="UsageException">The file is no such list.</exception>
    public static void ReadInto(ObjectBoxes boxes, string path)
    {
        CocoList? list;
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            list = JsonSerializer.Deserialize<CocoList>(file, Json);
        }
        catch (JsonException e)
        {
            throw Wrong(path, $"line {e.LineNumber + 1}: it is not JSON of that kind{(e.Path is { Length: > 1 } place ? $" (at {place})" : "")}");
        }

        if (list?.Images is null || list.Annotations is null)
        {
            throw Wrong(path, "it has no lists 'images' and 'annotations'");
        }

        var photos = new Dictionary<long, string>();
        foreach (CocoImage image in list.Images)
        {
            photos[image.Id] = image.FileName ?? throw Wrong(path, $"the image with id {image.Id} has no file_name");
            boxes.Add(image.FileName, null);
            boxes.AddSize(image.FileName, image.Width, image.Height);
        }

        Dictionary<long, string?> names = (list.Categories ?? []).DistinctBy(category => category.Id).ToDictionary(category => category.Id, category => category.Name);
        for (int i = 0; i < list.Annotations.Length; i++)
        {
            CocoAnnotation annotation = list.Annotations[i];
            if (annotation.Bbox is not [float left, float top, float width, float height])
            {
                throw Wrong(path, $"annotation {i + 1} has no bbox of four numbers");
            }

            if (!photos.TryGetValue(annotation.ImageId, out string? photo))
            {
                throw Wrong(path, $"annotation {i + 1} is of image {annotation.ImageId}, which is not among the images");
            }

            string category = names.GetValueOrDefault(annotation.CategoryId) ?? annotation.CategoryId.ToString(CultureInfo.InvariantCulture);
            boxes.Add(photo, new ObjectBox(category, left, top, left + width, top + height));
        }
    }

    private static UsageException Wrong(string path, string problem) => new($"--boxes {path}: {problem}. COCO's instances file is expected, or a Pascal VOC annotation that ends in .xml, or a folder of those.");

    private sealed record CocoList(CocoImage[]? Images, CocoAnnotation[]? Annotations, CocoCategory[]? Categories);

    private sealed record CocoImage(long Id, string? FileName, double? Width, double? Height);

    private sealed record CocoAnnotation(long ImageId, long CategoryId, float[]? Bbox);

    private sealed record CocoCategory(long Id, string? Name);
}
