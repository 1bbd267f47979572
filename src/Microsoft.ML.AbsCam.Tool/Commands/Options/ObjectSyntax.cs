using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>The options that say where objects are.</summary>
internal static class ObjectSyntax
{
    public static Option<string> Boxes() => OptionSyntax.Text("--boxes", "FILE|DIR", "Where objects are: a COCO JSON file, a Pascal VOC XML file, or a folder of those.");

    public static Option<bool> AnyClass() => OptionSyntax.Flag("--any-class", "Count the boxes of all classes, not only those of the explained class.");

    public static Option<string> Masks() => OptionSyntax.Text("--object-masks", "DIR", "Where objects are: a folder of mask images named like the photos, black beside the object.");

    public static Option<AnnotatedPixels> Pixels() => OptionSyntax.Choice(
        "--pixels",
        "What boxes, masks and maps over whole photos speak of, where EXIF turns a photo: its pixels as stored, or as shown. [default: as their sizes tell; refused where they do not]",
        ("stored", AnnotatedPixels.Stored),
        ("upright", AnnotatedPixels.Upright));
}
