namespace Microsoft.ML.AbsCam;

/// <summary>Limits for reading image files, and which way up they are.</summary>
public sealed record ImageFileOptions
{
    /// <summary>More pixels than one image can hold in memory at 4 bytes a pixel.</summary>
    private const long HardLimit = int.MaxValue / 4;

    /// <summary>The most pixels that are decoded, width times height; a larger image is refused from its header, before memory is taken. 1 to 536,870,911. Default: 100 million, which takes 400 MB.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>The most bytes of a file or stream that are read. 1 to 2,147,483,591. Default: 512 MB.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Where less than full size will do: the shorter side, in pixels, that must at least be left. Formats that can (JPEG in eighths, WebP)
    /// are then decoded smaller, which is faster; the image has the smaller size. Default: null, full size.
    /// </summary>
    public int? MinimumSize { get; init; }

    /// <summary>How the stored pixels lie in the upright image, where that is known better than the file tells, as for a mask beside its photo. Default: null, what the file's EXIF says.</summary>
    public ExifOrientation? Orientation { get; init; }

    /// <summary>Checks every property.</summary>
    /// <exception cref="ArgumentException">A property is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (MaxPixels is < 1 or > HardLimit)
        {
            throw new ArgumentException($"ImageFileOptions.MaxPixels is {MaxPixels}; expected 1 to {HardLimit}.");
        }

        if (MaxBytes < 1 || MaxBytes > Array.MaxLength)
        {
            throw new ArgumentException($"ImageFileOptions.MaxBytes is {MaxBytes}; expected 1 to {Array.MaxLength}.");
        }

        if (MinimumSize is < 1)
        {
            throw new ArgumentException($"ImageFileOptions.MinimumSize is {MinimumSize}; expected null or a positive number of pixels.");
        }

        if (Orientation is { } orientation && !Enum.IsDefined(orientation))
        {
            throw new ArgumentException($"ImageFileOptions.Orientation is {orientation}; expected null or one of EXIF's eight, 1 to 8.");
        }
    }
}
