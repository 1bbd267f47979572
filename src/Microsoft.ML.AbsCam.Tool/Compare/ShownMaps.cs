using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Makes what the page lays over a photo: its map in few values, and the line around the place that is asked about.</summary>
internal sealed class ShownMaps
{
    private readonly ComparisonSettings _settings;
    private readonly (int Height, int Width)? _layer;
    private readonly PlaceMark _mark;
    private readonly Dictionary<(int Height, int Width), MapReduction> _reductions = [];

    public ShownMaps(ComparisonSettings settings)
    {
        _settings = settings;
        _mark = new PlaceMark(settings.Options.PreprocessingFor(settings.Network), settings.Network.Shape.Height, settings.Network.Shape.Width);
        bool usesLayers = settings.Sources.Any(source => source is MethodSource { Method.UsesLayer: true });
        _layer = usesLayers && ExplainedLayers.Of(settings.Options, settings.Network).Layers is [var layer] ? (layer.Height, layer.Width) : null;
    }

    /// <summary>Whether the page shows the maps of this source over the photo at this place. A map over the whole photo cannot be drawn as one over the network's input.</summary>
    public bool IsShown(MapSource source, int place) => place < _settings.Shown && !(source is FileSource && _settings.MapExtent == MapExtent.Photo);

    /// <returns>What the page shows of a photo that is in memory; null where it shows nothing.</returns>
    public ShownMap? Of(MapSource source, ComparedPhoto photo)
    {
        if (!IsShown(source, photo.Place) || photo.Status != nameof(MapStatus.Ok) || photo.Image is not { } image)
        {
            return null;
        }

        // Maps that come from no layer are tried at the layer's size too, and found not to fit.
        (int, int) size = (photo.MapHeight, photo.MapWidth);
        if (!_reductions.TryGetValue(size, out MapReduction? reduction))
        {
            _reductions.Add(size, reduction = new MapReduction(photo.MapHeight, photo.MapWidth, _layer));
        }

        return new ShownMap(reduction.Reduce(photo.Map), photo.Asked is { } place ? _mark.PathText(place, image.Width, image.Height) : null, image.Width, image.Height);
    }
}

/// <summary>What the page lays over a photo.</summary>
/// <param name="Heat">The map.</param>
/// <param name="Mark">The line around the place that is asked about, as an SVG path in pixels of the photo; null for none.</param>
/// <param name="Width">The photo's width in these pixels.</param>
/// <param name="Height">The photo's height.</param>
internal sealed record ShownMap(SmallMap Heat, string? Mark, int Width, int Height);
