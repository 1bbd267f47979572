using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Onnx.Files;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// Reads image files upright: JPEG (colour, grey, CMYK), PNG (every depth), WebP, GIF, BMP and what else SkiaSharp decodes. Unlike
/// <see cref="MLImage.CreateFromFile"/> it applies the EXIF orientation (JPEG's, PNG's and WebP's), refuses truncated files and images too large for memory, and
/// says what is wrong. A file that is written to while it is read is refused; one that is replaced by another of its name is read to
/// its end as it was. Animations give their first frame; embedded colour profiles are not applied, as in PIL and in ML.NET.
/// </summary>
public static class ImageFile
{
    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>A Bgra32 image with premultiplied alpha, the caller's to dispose.</returns>
    /// <exception cref="ImageFileException">The file is missing, empty, no regular file (but a pipe, for example), truncated, damaged, too large, or not an image.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static MLImage Load(string path, ImageFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options = Checked(options);
        return Read(path, options, data => ImageDecoder.Decode(data, path, options));
    }

    /// <summary>What an image file's EXIF says of its orientation, <see cref="ExifOrientation.TopLeft"/> where it says nothing. No pixel is decoded.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>How the stored pixels lie in the image that <see cref="Load(string, ImageFileOptions?)"/> gives.</returns>
    /// <exception cref="ImageFileException">The file is missing, empty, no regular file, too large, or not an image.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static ExifOrientation ReadOrientation(string path, ImageFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options = Checked(options);
        return Read(path, options, data => ImageDecoder.Orientation(data, path));
    }

    /// <summary>Reads an image from a stream, from its position to its end. The stream stays open.</summary>
    /// <param name="stream">The encoded image.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>A Bgra32 image with premultiplied alpha, the caller's to dispose.</returns>
    /// <exception cref="ImageFileException">The stream is empty, truncated, damaged, too large, or not an image.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static MLImage Load(Stream stream, string name = "image stream", ImageFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        options = Checked(options);
        using var data = EncodedImage.Read(stream, name, options.MaxBytes);
        return ImageDecoder.Decode(data, name, options);
    }

    /// <summary>Reads an image from bytes.</summary>
    /// <param name="bytes">The encoded image.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>A Bgra32 image with premultiplied alpha, the caller's to dispose.</returns>
    /// <exception cref="ImageFileException">The bytes are empty, truncated, damaged, too large, or not an image.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static MLImage Load(ReadOnlySpan<byte> bytes, string name = "image bytes", ImageFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        options = Checked(options);
        using var data = EncodedImage.Copy(bytes, name, options.MaxBytes);
        return ImageDecoder.Decode(data, name, options);
    }

    private static T Read<T>(string path, ImageFileOptions options, Func<SkiaSharp.SKData, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new ImageFileException(path, "this is a folder; expected an image file. Name the files in it, or use a pattern.");
        }

        if (!File.Exists(path))
        {
            throw new ImageFileException(path, "there is no such file. Check the name and the folder that it is relative to.");
        }

        try
        {
            if (!RegularFile.HasBytes(path))
            {
                throw new ImageFileException(path, $"it {RegularFile.NoBytes}; expected an image file. Copy or download it again.");
            }

            using var stream = RegularFile.OpenRead(path);
            using var data = EncodedImage.Read(stream, path, options.MaxBytes);
            return read(data);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"the file cannot be read ({e.Message}). Check its permissions.", e);
        }
    }

    private static ImageFileOptions Checked(ImageFileOptions? options)
    {
        options ??= new ImageFileOptions();
        options.Validate();
        return options;
    }
}
