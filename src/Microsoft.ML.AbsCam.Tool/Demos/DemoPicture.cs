namespace Microsoft.ML.AbsCam.Tool.Demos;

/// <summary>A drawn picture of the demo.</summary>
/// <param name="About">What is asked about in it, in words, for its file's name.</param>
/// <param name="Png">The picture.</param>
/// <param name="MaskPng">Where the answer is: white on black.</param>
internal sealed record DemoPicture(string About, byte[] Png, byte[] MaskPng)
{
    /// <summary>The class that it shows; null where it shows several.</summary>
    public string? ClassName { get; init; }

    /// <summary>The class that is asked about; null where the network chooses it.</summary>
    public string? Asked { get; init; }

    /// <summary>Whether a place, in shares of the width and height, lies on the object that is asked about; null where that is not looked at.</summary>
    public Func<double, double, bool>? IsOnObject { get; init; }
}
