using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>Pascal VOC's XML: one file a photo. Its pixels count from 1 and its boxes include both ends.</summary>
internal static class VocFile
{
    private const int MostCharacters = 10_000_000;

    // No file from elsewhere may name another, or unfold into a large one.
    private static readonly XmlReaderSettings Careful = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostCharacters };

    /// <exception cref="UsageException">The file is no annotation.</exception>
    public static void ReadInto(ObjectBoxes boxes, string path)
    {
        XElement? root;
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            using var reader = XmlReader.Create(file, Careful);
            root = XDocument.Load(reader, LoadOptions.SetLineInfo).Root;
        }
        catch (XmlException e)
        {
            throw Wrong(path, e.LineNumber, $"it is not XML that can be read: {e.Message.Split('\n')[0].TrimEnd('.')}");
        }

        if (root is not { Name.LocalName: "annotation" })
        {
            throw Wrong(path, 1, "it does not begin with <annotation>");
        }

        string? name = root.Element("filename")?.Value.Trim();

        // A photo is found by either name: people rename files, and some tools leave <filename> wrong.
        string[] photos = string.IsNullOrEmpty(name) ? [Path.GetFileNameWithoutExtension(path)] : [.. new[] { name, Path.GetFileNameWithoutExtension(path) }.Distinct()];
        XElement? size = root.Element("size");
        foreach (string photo in photos)
        {
            boxes.Add(photo, null);
            boxes.AddSize(photo, Number(size?.Element("width")), Number(size?.Element("height")));
            foreach (XElement thing in root.Elements("object"))
            {
                XElement? box = thing.Element("bndbox");
                boxes.Add(photo, new ObjectBox(
                    thing.Element("name")?.Value.Trim() ?? throw Wrong(path, Line(thing), "an <object> has no <name>"),
                    Side(path, thing, box, "xmin") - 1,
                    Side(path, thing, box, "ymin") - 1,
                    Side(path, thing, box, "xmax"),
                    Side(path, thing, box, "ymax")));
            }
        }
    }

    private static double? Number(XElement? element)
        => double.TryParse(element?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private static float Side(string path, XElement thing, XElement? box, string side)
        => float.TryParse(box?.Element(side)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw Wrong(path, Line(box ?? thing), $"an <object> has no number <{side}> in its <bndbox>");

    private static int Line(IXmlLineInfo element) => element.LineNumber;

    private static UsageException Wrong(string path, int line, string problem) => new($"--boxes {path}: line {line}: {problem}. A Pascal VOC annotation is expected.");
}
