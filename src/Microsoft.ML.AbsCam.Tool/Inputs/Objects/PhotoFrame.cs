namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>Brings what was annotated beside a photo, in its stored pixels or in its upright ones, to the upright ones.</summary>
/// <param name="Width">The upright photo's width.</param>
/// <param name="Height">The upright photo's height.</param>
/// <param name="Orientation">How the stored pixels lie in the upright photo.</param>
/// <param name="Asked">What the user says of the annotations.</param>
internal sealed record PhotoFrame(int Width, int Height, ExifOrientation Orientation, AnnotatedPixels Asked)
{
    private bool IsTurned => Orientation != ExifOrientation.TopLeft;

    private (int Width, int Height) Stored => SwapsSides ? (Height, Width) : (Width, Height);

    private bool SwapsSides => Orientation >= ExifOrientation.LeftTop;

    /// <summary>The orientation to give to an annotation so that it lies as the photo does.</summary>
    /// <param name="subject">The annotation, as the beginning of a sentence: "the boxes are".</param>
    /// <param name="size">The width and height of the picture that it was drawn on; null where that is not stated.</param>
    /// <exception cref="InvalidDataException">It fits neither way, or nothing tells which way it lies.</exception>
    public ExifOrientation OrientationOf(string subject, (int Width, int Height)? size)
    {
        bool isUpright = size is null || size == (Width, Height);
        bool isStored = size is null || size == Stored;
        return (!isUpright && !isStored) || IsAgainst(isUpright, isStored)
            ? throw new InvalidDataException($"{subject} of a picture of {size!.Value.Width} x {size.Value.Height}, and the photo is {Width} x {Height}{(IsTurned ? $" upright and {Stored.Width} x {Stored.Height} as stored" : "")} (width x height){(Asked == AnnotatedPixels.BySize ? "" : $"; --pixels {Asked.ToString().ToLowerInvariant()} is asked for")}")
            : Choose(subject, isUpright, isStored);
    }

    /// <summary>The orientation to give to a map over the whole photo, which may have fewer pixels.</summary>
    /// <exception cref="InvalidDataException">Nothing tells which way it lies.</exception>
    public ExifOrientation OrientationOfMap(int width, int height)
    {
        bool isUpright = IsLike(Width, Height);
        bool isStored = IsLike(Stored.Width, Stored.Height);

        // One that fits neither way is refused with all others of wrong proportions.
        return (!isUpright && !isStored) || IsAgainst(isUpright, isStored) ? ExifOrientation.TopLeft : Choose("the map is", isUpright, isStored);

        // Rounding to whole cells moves a side by up to one cell.
        bool IsLike(int across, int down) => Math.Abs(height - ((double)width * down / across)) <= Math.Max(1, (double)down / across);
    }

    private bool IsAgainst(bool isUpright, bool isStored) => (Asked == AnnotatedPixels.Stored && !isStored) || (Asked == AnnotatedPixels.Upright && !isUpright);

    private ExifOrientation Choose(string subject, bool isUpright, bool isStored)
    {
        if (!IsTurned || Asked == AnnotatedPixels.Upright || (Asked == AnnotatedPixels.BySize && !isStored))
        {
            return ExifOrientation.TopLeft;
        }

        return Asked == AnnotatedPixels.Stored || !isUpright
            ? Orientation
            : throw new InvalidDataException($"the photo's EXIF orientation is {(int)Orientation}, and no size tells whether {subject} of its pixels as stored or as shown upright; --pixels stored or --pixels upright says so");
    }

    /// <summary>The box in upright pixels.</summary>
    public ObjectBox Upright(ObjectBox box, ExifOrientation orientation)
    {
        (float left, float top) = Place(orientation, box.Left, box.Top, Stored.Width, Stored.Height);
        (float right, float bottom) = Place(orientation, box.Right, box.Bottom, Stored.Width, Stored.Height);
        return box with { Left = Math.Min(left, right), Top = Math.Min(top, bottom), Right = Math.Max(left, right), Bottom = Math.Max(top, bottom) };
    }

    /// <summary>A map over the whole photo, upright.</summary>
    /// <exception cref="InvalidDataException">Nothing tells which way it lies.</exception>
    public (float[] Map, int Height, int Width) Upright(float[] map, int height, int width)
    {
        ExifOrientation orientation = OrientationOfMap(width, height);
        if (orientation == ExifOrientation.TopLeft)
        {
            return (map, height, width);
        }

        (int uprightHeight, int uprightWidth) = SwapsSides ? (width, height) : (height, width);
        float[] upright = new float[map.Length];
        for (int i = 0; i < map.Length; i++)
        {
            // A cell is where its centre is.
            (float x, float y) = Place(orientation, (i % width) + 0.5f, (i / width) + 0.5f, width, height);
            upright[((int)y * uprightWidth) + (int)x] = map[i];
        }

        return (upright, uprightHeight, uprightWidth);
    }

    private static (float X, float Y) Place(ExifOrientation orientation, float x, float y, int width, int height)
    {
        return orientation switch
        {
            ExifOrientation.TopRight => (width - x, y),
            ExifOrientation.BottomRight => (width - x, height - y),
            ExifOrientation.BottomLeft => (x, height - y),
            ExifOrientation.LeftTop => (y, x),
            ExifOrientation.RightTop => (height - y, x),
            ExifOrientation.RightBottom => (height - y, width - x),
            ExifOrientation.LeftBottom => (y, width - x),
            _ => (x, y),
        };
    }
}
