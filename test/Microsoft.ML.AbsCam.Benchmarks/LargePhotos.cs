using Microsoft.ML.AbsCam.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// JPEG files of 12 megapixels in a folder of their own: real photos, enlarged. Enlarging leaves no detail of a single pixel,
/// which is what a reduced decode drops, so each photo is there a second time with a camera's grain.
/// </summary>
internal sealed class LargePhotos : IDisposable
{
    private const double Pixels = 12e6;
    private const double GrainLevels = 8;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("abscam-photos");

    public LargePhotos(IEnumerable<string> photos)
    {
        foreach (string photo in photos)
        {
            Plain.Add(Write(photo, grain: 0, "plain"));
            Grained.Add(Write(photo, GrainLevels, "grain"));
        }
    }

    public List<string> Plain { get; } = [];

    public List<string> Grained { get; } = [];

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string photo, double grain, string kind)
    {
        using SKBitmap small = SKBitmap.Decode(photo);
        double scale = Math.Sqrt(Pixels / ((double)small.Width * small.Height));
        using SKBitmap large = small.Resize(new SKImageInfo((int)Math.Round(small.Width * scale), (int)Math.Round(small.Height * scale), SKColorType.Bgra8888, SKAlphaType.Opaque), SKFilterQuality.High);
        if (grain > 0)
        {
            AddGrain(large, grain);
        }

        string path = Path.Combine(_folder.FullName, $"{Path.GetFileNameWithoutExtension(photo)}-{kind}.jpg");
        using SKData jpeg = large.Encode(SKEncodedImageFormat.Jpeg, 92);
        using FileStream file = File.Create(path);
        jpeg.SaveTo(file);
        return path;
    }

    /// <summary>The same normal number on all colours of a pixel, its own on each pixel.</summary>
    private static void AddGrain(SKBitmap photo, double sigma)
    {
        var random = new Random(1);
        Span<byte> bytes;
        unsafe
        {
            bytes = new Span<byte>((void*)photo.GetPixels(), photo.ByteCount);
        }

        for (int i = 0; i < bytes.Length; i += PixelOrder.Bytes)
        {
            double grain = sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            for (int colour = 0; colour < 3; colour++)
            {
                bytes[i + colour] = (byte)Math.Clamp(bytes[i + colour] + grain, byte.MinValue, byte.MaxValue);
            }
        }
    }
}
