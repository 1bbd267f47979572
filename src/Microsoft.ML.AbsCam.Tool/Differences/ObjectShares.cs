using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>The share of a map's heat that lies on the picture's object, of pictures whose photos are still where a run found them.</summary>
internal sealed class ObjectShares
{
    // Finer than most layers, so that an object smaller than a place of the map has its part of it.
    private const int LeastPlaces = 128;

    private static readonly ImageFileOptions Decoding = new();

    private readonly DiffSettings _settings;
    private readonly Dictionary<string, string> _photos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _troubles = new(StringComparer.Ordinal);

    public ObjectShares(DiffSettings settings)
    {
        _settings = settings;
        foreach (FinishedRow row in settings.First.Rows.Concat(settings.Second.Rows))
        {
            if (FinishedPhotos.StillThere(row) is { } path)
            {
                _photos.TryAdd(row.Name, path);
            }
        }
    }

    /// <summary>Why it is not known of some pictures where the object is, and of how many.</summary>
    public IEnumerable<string> Troubles => _troubles.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value.Count} pictures, such as '{pair.Value.First()}': it is not known where the object is: {pair.Key}"));

    /// <param name="run">A run.</param>
    /// <param name="row">Its picture.</param>
    /// <param name="truth">What it shows; empty where nobody says, and then the class counts that the run gives.</param>
    /// <returns>0 to 1; NaN where it is not known.</returns>
    public float Of(FinishedRun run, FinishedRow row, string truth)
    {
        try
        {
            if (!row.IsExplained || run.Preprocessing is not { } preprocessing)
            {
                return float.NaN;
            }

            if (!_photos.TryGetValue(row.Name, out string? path))
            {
                return Unknown(row, "the photo is not where a run found it");
            }

            using MLImage photo = ImageFile.Load(path, Decoding);
            var frame = new PhotoFrame(photo.Width, photo.Height, ImageFile.ReadOrientation(path, Decoding), _settings.Pixels);
            var file = new InputFile(path, row.Name, row.Key);
            using MLImage? mask = _settings.Objects.Masks?.Of(file) is { } maskPath ? ObjectMask.Read(maskPath, Decoding, frame) : null;
            float[] boxes = _settings.Objects.Boxes is null ? [] : _settings.Objects.BoxesOf(file, frame, truth.Length > 0 ? truth : row.Answer.Target?.ToString(CultureInfo.InvariantCulture), truth.Length > 0 ? truth : row.ClassName);
            if (mask is null && boxes.Length == 0)
            {
                return Unknown(row, _settings.Objects.Boxes is null ? "there is no mask" : "there is no box of the class");
            }

            bool[]? onMask = mask is null ? null : OnMask(mask);
            float share = Share(run.Maps.Read(row), SaliencyOverlay.Region(photo.Width, photo.Height, preprocessing), photo.Width, photo.Height, (x, y) => onMask is null ? IsInBox(boxes, x, y) : onMask[((int)y * photo.Width) + (int)x]);
            return float.IsNaN(share) ? Unknown(row, "no part of it is in what the network saw, or the map has no heat") : share;
        }
        catch (Exception e) when (e is ImageFileException or InvalidDataException)
        {
            return Unknown(row, e.Message.TrimEnd('.'));
        }
    }

    /// <summary>Asks many points of the map, evenly spread, whether they lie on the object; NaN where none does, or where there is no heat.</summary>
    private static float Share(KeptMap map, PhotoRegion covered, int width, int height, Func<double, double, bool> isOn)
    {
        (int down, int across) = (((LeastPlaces - 1) / map.Height) + 1, ((LeastPlaces - 1) / map.Width) + 1);
        double all = 0;
        double on = 0;
        bool isSeen = false;
        for (int i = 0; i < map.Height * down; i++)
        {
            double y = covered.Top + ((i + 0.5) / (map.Height * down) * (covered.Bottom - covered.Top));
            for (int j = 0; j < map.Width * across; j++)
            {
                double x = covered.Left + ((j + 0.5) / (map.Width * across) * (covered.Right - covered.Left));
                if (x < 0 || y < 0 || x >= width || y >= height)
                {
                    continue;
                }

                // What speaks against the class is no heat.
                float heat = Math.Max(0, map.Values[(i / down * map.Width) + (j / across)]);
                all += heat;
                if (isOn(x, y))
                {
                    (isSeen, on) = (true, on + heat);
                }
            }
        }

        return isSeen && all > 0 ? (float)(on / all) : float.NaN;
    }

    private static bool IsInBox(float[] boxes, double x, double y)
    {
        for (int box = 0; box < boxes.Length; box += 4)
        {
            if (x >= boxes[box] && y >= boxes[box + 1] && x < boxes[box + 2] && y < boxes[box + 3])
            {
                return true;
            }
        }

        return false;
    }

    private static bool[] OnMask(MLImage mask)
    {
        ReadOnlySpan<byte> pixels = mask.Pixels;
        bool[] isOn = new bool[mask.Width * mask.Height];
        for (int i = 0; i < isOn.Length; i++)
        {
            isOn[i] = (pixels[4 * i] | pixels[(4 * i) + 1] | pixels[(4 * i) + 2]) != 0;
        }

        GC.KeepAlive(mask);
        return isOn;
    }

    private float Unknown(FinishedRow row, string why)
    {
        if (!_troubles.TryGetValue(why, out HashSet<string>? names))
        {
            _troubles.Add(why, names = new HashSet<string>(StringComparer.Ordinal));
        }

        names.Add(row.Name);
        return float.NaN;
    }
}
