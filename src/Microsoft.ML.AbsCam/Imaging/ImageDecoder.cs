using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Decodes an image to upright Bgra32 pixels, or says why it cannot.</summary>
internal static class ImageDecoder
{
    public static MLImage Decode(SKData data, string name, ImageFileOptions options)
    {
        using var codec = Open(data, name);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > options.MaxPixels)
        {
            throw new ImageFileException(name, FormattableString.Invariant($"the image is {width} x {height}, more than {options.MaxPixels:N0} pixels, the limit set by ImageFileOptions.MaxPixels. Make it smaller, or raise the limit."));
        }

        var size = DecodedSize(codec, options.MinimumSize);
        // No colour space: pixels stay as they are stored, which is what PIL feeds to a network.
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul);
        using var bitmap = Allocate(info, name);
        var result = codec.GetPixels(info, bitmap.GetPixels(), bitmap.RowBytes, SKCodecOptions.Default);
        if (result != SKCodecResult.Success)
        {
            throw new ImageFileException(name, Problem(result, data));
        }

        var orientation = options.Orientation ?? OrientationOf(codec, data, name);
        if (orientation == ExifOrientation.TopLeft)
        {
            return MLImage.CreateFromPixels(size.Width, size.Height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());
        }

        var turned = UprightPixels.SwapsSides(orientation);
        using var upright = Allocate(info.WithSize(turned ? size.Height : size.Width, turned ? size.Width : size.Height), name);
        UprightPixels.Apply(orientation, bitmap, upright);
        return MLImage.CreateFromPixels(upright.Width, upright.Height, MLPixelFormat.Bgra32, upright.GetPixelSpan());
    }

    /// <summary>What the file says of its orientation, from its header alone.</summary>
    public static ExifOrientation Orientation(SKData data, string name)
    {
        using var codec = Open(data, name);
        return OrientationOf(codec, data, name);
    }

    private static SKCodec Open(SKData data, string name) => SKCodec.Create(data)
        ?? throw new ImageFileException(name, "this is not an image that can be read, or its header is damaged; expected JPEG, PNG, WebP, GIF or BMP. Save it as one of these; HEIC, AVIF and TIFF are not read.");

    private static ExifOrientation OrientationOf(SKCodec codec, SKData data, string name)
    {
        try
        {
            // SkiaSharp's origins have EXIF's numbers.
            return codec.EncodedOrigin is not SKEncodedOrigin.TopLeft and var origin ? (ExifOrientation)origin : ExifChunk.OrientationIn(data.AsSpan()) ?? ExifOrientation.TopLeft;
        }
        catch (InvalidDataException e)
        {
            throw new ImageFileException(name, $"the image is damaged: {e.Message}. Copy or download it again, or save it anew.", e);
        }
    }

    private static SKBitmap Allocate(SKImageInfo info, string name)
    {
        var bitmap = new SKBitmap();
        if (bitmap.TryAllocPixels(info))
        {
            return bitmap;
        }

        bitmap.Dispose();
        throw new ImageFileException(name, FormattableString.Invariant($"there is not enough memory for an image of {info.Width} x {info.Height}, {info.BytesSize64:N0} bytes. Make it smaller, or lower ImageFileOptions.MaxPixels to have such images refused."));
    }

    private static SKSizeI DecodedSize(SKCodec codec, int? minimumSize)
    {
        var full = new SKSizeI(codec.Info.Width, codec.Info.Height);
        var shorter = Math.Min(full.Width, full.Height);
        if (minimumSize is not { } minimum || minimum >= shorter)
        {
            return full;
        }

        // The codec rounds to a scale that it has, which may be one step too small.
        for (var eighths = (int)Math.Ceiling(8.0 * minimum / shorter); eighths < 8; eighths++)
        {
            var scaled = codec.GetScaledDimensions(eighths / 8f);
            if (Math.Min(scaled.Width, scaled.Height) >= minimum)
            {
                return scaled;
            }
        }

        return full;
    }

    private static string Problem(SKCodecResult result, SKData data)
    {
        if (result != SKCodecResult.IncompleteInput)
        {
            return $"the image is damaged ({result}). Copy or download it again.";
        }

        var share = DecodedShare(data) is { } decoded ? FormattableString.Invariant($" (about {100 * decoded:0} % of its rows are there)") : "";
        return $"the image is truncated{share}; a map of half a photo would mislead. Copy or download it again.";
    }

    // How far a truncated file goes, row by row; null where the format cannot tell.
    private static double? DecodedShare(SKData data)
    {
        using var codec = SKCodec.Create(data);
        var info = codec.Info.WithColorType(SKColorType.Bgra8888).WithAlphaType(codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul).WithColorSpace(null);
        using var bitmap = new SKBitmap(info);
        var rows = 0;
        if (codec.StartScanlineDecode(info) == SKCodecResult.Success)
        {
            rows = codec.GetScanlines(bitmap.GetPixels(), info.Height, bitmap.RowBytes);
        }
        else if (codec.StartIncrementalDecode(info, bitmap.GetPixels(), bitmap.RowBytes) == SKCodecResult.Success)
        {
            codec.IncrementalDecode(out rows);
        }

        return rows > 0 ? (double)rows / info.Height : null;
    }
}
