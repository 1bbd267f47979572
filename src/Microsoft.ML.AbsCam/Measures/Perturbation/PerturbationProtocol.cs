using System.Globalization;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// How Deletion and Insertion take pixels away and give them back (Petsiuk et al., BMVC 2018). Numbers of two protocols do not
/// compare, so every result carries the protocol's text.
/// </summary>
/// <remarks>
/// Pixels go in falling order of saliency; of equal ones, which are many where a map has plateaus, the later in row order goes first.
/// After n steps of s pixels there are n + 1 scores, both ends included, and the area under them is (sum - first/2 - last/2) / n.
/// </remarks>
public sealed record PerturbationProtocol
{
    private PerturbationProtocol(string name, int steps, ImageSubstrate deletion, ImageSubstrate insertion)
    {
        (Name, Steps, Deletion, Insertion) = (name, steps, deletion, insertion);
    }

    /// <summary>RISE's own: 28 steps (1792 pixels each at 224 x 224, as its authors have it for data sets), deletion to the mean colour, insertion from the blur of its code.</summary>
    public static PerturbationProtocol Rise { get; } = new("rise", 28, ImageSubstrate.Mean, ImageSubstrate.RiseBlur);

    /// <summary>Group-CAM's (arXiv 2103.13859): 112 steps (448 pixels each at 224 x 224), insertion from a blur of 51 x 51 with sigma 50.</summary>
    public static PerturbationProtocol GroupCam { get; } = new("group-cam", 112, ImageSubstrate.Mean, ImageSubstrate.Blur(51, 50));

    /// <summary>The ready-made protocols.</summary>
    public static IReadOnlyList<PerturbationProtocol> All { get; } = [Rise, GroupCam];

    /// <summary>The name that stands beside every number.</summary>
    public string Name { get; init; }

    /// <summary>How many steps an image takes, where <see cref="StepPixels"/> is null; at least 1 and at most one a pixel. A step takes the same whole number of pixels each time, rounded up, so a small image may be through earlier.</summary>
    public int Steps { get; init; }

    /// <summary>How many pixels a step takes; null takes as many as <see cref="Steps"/> asks for.</summary>
    public int? StepPixels { get; init; }

    /// <summary>What Deletion replaces pixels with. Default: the mean colour.</summary>
    public ImageSubstrate Deletion { get; init; }

    /// <summary>What Insertion begins with. Default: a blur, which each ready-made protocol makes in its own way.</summary>
    public ImageSubstrate Insertion { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        string steps = StepPixels is int pixels ? string.Create(CultureInfo.InvariantCulture, $"{pixels} pixels a step") : string.Create(CultureInfo.InvariantCulture, $"{Steps} steps");
        ImageSubstrate usual = Name == GroupCam.Name ? GroupCam.Insertion : Rise.Insertion;
        return $"{Name}, {steps}{(Deletion == ImageSubstrate.Mean ? "" : $", deletion to {Deletion}")}{(Insertion == usual ? "" : $", insertion from {Insertion}")}";
    }

    /// <summary>Pixels of a step in an image of that many.</summary>
    /// <exception cref="ArgumentException">There are fewer pixels than a step takes, or than there are steps.</exception>
    internal int PixelsPerStep(int pixels)
    {
        int asked = StepPixels ?? Steps;
        return asked >= 1 && asked <= pixels
            ? StepPixels ?? ((pixels + Steps - 1) / Steps)
            : throw new ArgumentException($"{nameof(PerturbationProtocol)}.{(StepPixels is null ? nameof(Steps) : nameof(StepPixels))} is {asked}, and the network's input has {pixels} pixels. Give a number from 1 to that many.");
    }
}
