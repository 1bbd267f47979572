using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>What pages say of a question to a reader who knows nothing of it.</summary>
internal static class QuestionText
{
    /// <summary>How plates are to be read where a class is asked about.</summary>
    public const string OfClass = "Each plate shows one photo and one class that a network saw in it. Colour marks the parts of the photo that the class rests on. The bar under a plate is the probability that the network gives to the class.";

    /// <summary>What the run was, in a sentence or two.</summary>
    public static string Summary(int pictures, int classes, TargetKind kind, NetworkTask task) => string.Create(
        CultureInfo.InvariantCulture,
        $"{pictures} {(pictures == 1 ? "picture" : "pictures")} went through a network that {What(classes, kind, task)}. For each, a map shows {Shown(kind, task)}.");

    /// <summary>What a plate is, what its colour marks, and what its number is.</summary>
    public static string Reading(TargetKind kind, NetworkTask task) => (kind, task) switch
    {
        (TargetKind.Contrast, NetworkTask.Classify) => "Each plate shows one photo, the class that a network saw in it, and another class that it is told from. Colour marks the parts of the photo that the difference between the two rests on. The bar under a plate is the probability that the network gives to the first.",
        (_, NetworkTask.Detect) => "Each plate shows one photo and one box that a network drew in it, with the class of what it found there. Colour marks the parts of the photo that the box's class rests on, which may lie inside of the box or beside it. The bar under a plate is how sure the network is.",
        (_, NetworkTask.Segment) => "Each plate shows one photo and one region, which is outlined. Colour marks the parts of the photo by which the network knew what is in the region, which may lie inside of it or beside it. The bar under a plate is the mean probability of the class over the region.",
        (TargetKind.Several, _) => "Each plate shows one photo and one of several questions that were asked about it, which stands under it. Colour marks the parts of the photo that the answer rests on. The number under a plate is the probability of the class that is asked about, the number itself where one is asked about, and of a likeness the cosine.",
        (TargetKind.Output, _) => "Each plate shows one photo and one number that a network made of it. Colour marks the parts of the photo that made the number what it is.",
        (TargetKind.Similar, _) => "Each plate shows one photo, which is compared with the picture that stands beside this text. Colour marks the parts of the photo by which the two are alike to the network. The number under a plate is the cosine of the two: 1 for pictures that are the same to the network, 0 for pictures that have nothing in common.",
        _ => OfClass,
    };

    /// <summary>What a map shows, as the end of a sentence.</summary>
    public static string Shown(TargetKind kind, NetworkTask task) => (kind, task) switch
    {
        (_, NetworkTask.Detect) => "which parts of the picture spoke for one box, which is drawn",
        (_, NetworkTask.Segment) => "which parts of the picture spoke for one region, which is outlined",
        (TargetKind.Contrast, _) => "which parts of the picture told the class from another",
        (TargetKind.Several, _) => "which parts of the picture spoke for the answer to each question",
        (TargetKind.Output, _) => "which parts of the picture spoke for the number",
        (TargetKind.Similar, _) => "which parts of the picture make it like the other",
        _ => "which parts of the picture spoke for the class",
    };

    private static string What(int classes, TargetKind kind, NetworkTask task) => (kind, task) switch
    {
        (_, NetworkTask.Detect) => $"finds objects of {classes} classes",
        (_, NetworkTask.Segment) => $"gives every pixel one of {classes} classes",
        (TargetKind.Output, _) => $"makes {(classes == 1 ? "one number" : $"{classes} numbers")} of a picture",
        (TargetKind.Similar, _) => "tells how alike pictures are",
        _ => $"tells {classes} classes apart",
    };
}
